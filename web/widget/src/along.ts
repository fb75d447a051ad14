/** The chat comes along to the page of the shop that a link in it leads to, in the same tab. */

const MARK = "balie:along";

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What this tab remembers, or null where that is switched off. */
export function tabStore(): Store | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

/** Whether a link leads to a page beside the one that the chat stands on. */
export function isOwnPage(url: string, page: string): boolean {
  return new URL(url, page).origin === new URL(page).origin;
}

/** Whether a click opens the link right here, and not in another tab or window. */
export function opensHere({ button, ctrlKey, metaKey, shiftKey, altKey }: MouseEvent): boolean {
  return button === 0 && !(ctrlKey || metaKey || shiftKey || altKey);
}

/** Whether a press of a link follows it, here or in another tab; what the right button opens is a menu. */
export function follows({ button }: Pick<MouseEvent, "button">): boolean {
  return button <= 1;
}

/** The next page of this tab shows the open chat. */
export function comeAlong(store: Store | null = tabStore()): void {
  attempt(() => store?.setItem(MARK, "yes"));
}

/** Whether a link in the chat led here; true once. */
export function cameAlong(store: Store | null = tabStore()): boolean {
  const came = attempt(() => store?.getItem(MARK)) === "yes";
  attempt(() => store?.removeItem(MARK));
  return came;
}

function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
