/** Gives the views the desk. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Api } from "../api";
import type { Desk } from "../desk";

interface Parts {
  readonly desk: Desk;
  readonly api: Api;
}

export const PartsContext = createContext<Parts | null>(null);

export function useParts(): Parts {
  const parts = useContext(PartsContext);
  if (!parts) throw new Error("The views need the desk.");
  return parts;
}
