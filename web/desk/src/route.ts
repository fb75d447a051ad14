/** Which page of the desk is looked at: the part of the address behind `#`. */

import { signal } from "@preact/signals";

export const PAGES = ["promised", "snoozed", "done", "team", "overview", "recommendations", "settings"] as const;
export type Page = (typeof PAGES)[number];

export type Route =
  | { readonly page: "desk"; readonly conversation: string | null; readonly pane: Pane }
  | { readonly page: Page };

/** What of a conversation is in front on a narrow screen. */
export type Pane = "thread" | "card";

/** The route in a fragment such as `#/c/123/card`; anything unknown is the desk itself. */
export function parseRoute(fragment: string): Route {
  const [first = "", id = "", pane = ""] = fragment.replace(/^#?\/?/, "").split(/[/?]/);
  if (first === "c" && id) return { page: "desk", conversation: decoded(id), pane: pane === "card" ? "card" : "thread" };
  const page = PAGES.find((each) => each === first);
  return page ? { page } : { page: "desk", conversation: null, pane: "thread" };
}

/** The fragment of a route. */
export function fragmentOf(route: Route): string {
  if (route.page !== "desk") return `#/${route.page}`;
  if (!route.conversation) return "#/";
  return `#/c/${encodeURIComponent(route.conversation)}${route.pane === "card" ? "/card" : ""}`;
}

export const route = signal<Route>({ page: "desk", conversation: null, pane: "thread" });

export function go(to: Route): void {
  location.hash = fragmentOf(to);
  route.value = to;
}

/** Follow the address; `/desk/overview` leads to the overview, and so on. Returns what stops it. */
export function followAddress(): () => void {
  const page = (["overview", "recommendations"] as const).find((each) => location.pathname.endsWith(`/${each}`));
  if (page && !location.hash) history.replaceState(null, "", `/desk#/${page}`);
  const follow = () => {
    route.value = parseRoute(location.hash);
  };
  follow();
  addEventListener("hashchange", follow);
  return () => removeEventListener("hashchange", follow);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
