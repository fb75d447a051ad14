/** What the shop says on the script tag. `docs/widget.md` explains every attribute. */

export type Theme = "auto" | "light" | "dark";

/** Everything the page decides. */
export interface Config {
  /** Where the API answers, without a slash at the end. */
  readonly api: string;
  /** Where the rest of the widget is loaded from, with a slash at the end. */
  readonly base: string;
  /** The page's nonce for scripts, where its content security policy asks for one. */
  readonly nonce: string;
  readonly title: string | null;
  readonly greeting: string | null;
  readonly position: "left" | "right";
  readonly colour: string;
  /** Longest message, in characters. */
  readonly maxLength: number;
  /** Opens by itself when the page has loaded. */
  readonly open: boolean;
  /** The customer token on the tag: null when the attribute is absent, "" when nobody is logged in. */
  readonly customerToken: string | null;
  /** May change while the page is open. */
  language: string | null;
  theme: Theme;
}

const DEFAULT_COLOUR = "#0b6b5e";
/** `BALIE_MESSAGE_MAX_CHARACTERS` of the service has the same default; the service has the last word. */
const DEFAULT_MAX_LENGTH = 2000;

/** Read the configuration from the attributes of the script tag. */
export function readConfig({ dataset, src, nonce }: Pick<HTMLScriptElement, "dataset" | "src" | "nonce">): Config {
  return {
    api: (dataset.api ?? new URL("/api/v1", src).href).replace(/\/+$/, ""),
    base: new URL(".", src).href,
    nonce: nonce ?? "",
    title: dataset.title || null,
    greeting: dataset.greeting || null,
    position: dataset.position === "left" ? "left" : "right",
    colour: dataset.colour || dataset.color || DEFAULT_COLOUR,
    maxLength: Number(dataset.maxLength) || DEFAULT_MAX_LENGTH,
    open: dataset.open !== undefined && dataset.open !== "false",
    customerToken: dataset.customerToken ?? null,
    language: dataset.language || null,
    theme: themeOf(dataset.theme),
  };
}

/** A theme by its name; anything else means that the reader's system decides. */
export function themeOf(name: string | undefined): Theme {
  return name === "light" || name === "dark" ? name : "auto";
}
