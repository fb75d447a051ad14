/** Which key does what. One table: the keyboard obeys it, and the `?` window shows it. Pure. */

export const COMMANDS = [
  { command: "next", keys: ["j"], section: "queue" },
  { command: "previous", keys: ["k"], section: "queue" },
  { command: "accept", keys: ["a"], section: "queue" },
  { command: "decline", keys: ["d"], section: "queue" },
  { command: "write", keys: ["c"], section: "conversation" },
  { command: "canned", keys: ["/"], section: "conversation" },
  { command: "note", keys: ["n"], section: "conversation" },
  { command: "resolve", keys: ["r"], section: "conversation" },
  { command: "transfer", keys: ["t"], section: "conversation" },
  { command: "return", keys: ["e"], section: "conversation" },
  { command: "snooze", keys: ["s"], section: "conversation" },
  { command: "card", keys: ["i"], section: "conversation" },
  { command: "orders", keys: ["o"], section: "conversation" },
  { command: "next_tab", keys: ["]"], section: "moving" },
  { command: "previous_tab", keys: ["["], section: "moving" },
  { command: "tab", keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], section: "moving" },
  { command: "queue", keys: ["q"], section: "moving" },
  { command: "presence", keys: ["p"], section: "moving" },
  { command: "help", keys: ["?"], section: "moving" },
  { command: "escape", keys: ["Escape"], section: "moving" },
] as const;

export type Command = (typeof COMMANDS)[number]["command"];

/** The part of a key press that counts. */
export interface Press {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
  readonly repeat: boolean;
}

/** What the keyboard is in just now. */
export interface Surroundings {
  /** The keyboard is in a field: letters are letters. */
  readonly isTyping: boolean;
  /** A window is open: it has the keyboard. */
  readonly isInDialog: boolean;
  /** Single keys are switched on. */
  readonly isOn: boolean;
}

const MAY_REPEAT: readonly string[] = ["next", "previous"];

/** What a key press asks for; null when it is not for us. Escape leaves a field even when single keys are off. */
export function commandFor(press: Press, { isTyping, isInDialog, isOn }: Surroundings): Command | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing || isInDialog) return null;
  const found = COMMANDS.find(({ keys }) => (keys as readonly string[]).includes(press.key))?.command ?? null;
  if (found === "escape") return found;
  if (isTyping || !isOn) return null;
  return press.repeat && found && !MAY_REPEAT.includes(found) ? null : found;
}

/** Whether letters typed at an element are its own. */
export function isField(target: { readonly tagName?: string; readonly isContentEditable?: boolean } | null): boolean {
  return ["INPUT", "TEXTAREA", "SELECT"].includes(target?.tagName ?? "") || target?.isContentEditable === true;
}
