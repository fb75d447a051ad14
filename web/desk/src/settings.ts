/** How an agent likes the desk. Kept in the browser; nothing about customers is. */

import { signal } from "@preact/signals";
import { chooseLanguage, language, type Language } from "./words";

const KEY = "balie-desk-settings";

interface Settings {
  readonly language?: Language;
  readonly sound?: boolean;
  readonly keys?: boolean;
}

export const sound = signal(false);
export const singleKeys = signal(true);

/** Read the settings; the language is the browser's until the agent chose one. */
export function loadSettings(): void {
  const kept = read();
  sound.value = kept.sound === true;
  singleKeys.value = kept.keys !== false;
  language.value = chooseLanguage(kept.language, ...navigator.languages);
}

export function setLanguage(chosen: Language): void {
  language.value = chosen;
  write({ language: chosen });
}

export function setSound(on: boolean): void {
  sound.value = on;
  write({ sound: on });
}

export function setSingleKeys(on: boolean): void {
  singleKeys.value = on;
  write({ keys: on });
}

function read(): Settings {
  try {
    return (JSON.parse(localStorage.getItem(KEY) ?? "{}") as Settings | null) ?? {};
  } catch {
    return {};
  }
}

function write(difference: Settings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...read(), ...difference }));
  } catch {
    // the setting holds until the page is closed
  }
}
