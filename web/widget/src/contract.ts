/** What the loader and the panel know of each other. They are built apart: the panel is fetched when it is needed. */

import type { Config } from "./config";
import type { TokenSource } from "./identity";
import type { Session } from "./slots";

/** What a page can listen to. */
export interface Events {
  open: undefined;
  close: undefined;
  /** Messages that came while the panel was closed. */
  unread: number;
  /** A message of the shop has arrived. */
  message: { readonly author: string };
  /** The basket may be another than it was, or the conversation it belongs to: ask the service again. */
  basket: undefined;
}

export type Emit = <K extends keyof Events>(name: K, detail: Events[K]) => void;

/** What the panel gets from the loader. */
export interface PanelHost {
  readonly root: ShadowRoot;
  readonly config: Config;
  readonly source: TokenSource;
  readonly emit: Emit;
  /** Show on the launcher how much is unread. */
  showUnread(count: number): void;
}

/** What the loader can ask of the panel. */
export interface Panel {
  readonly isOpen: boolean;
  readonly session: Session | null;
  /** A text stands in the field, unless there is a draft. Pages hand over what they like: the event of a click is none. */
  open(text?: unknown): void;
  close(): void;
  /** The conversation, begun when there is none. */
  begin(): Promise<Session>;
  identify(source: TokenSource): void;
  /** The page's language changed. */
  refresh(): void;
}

/** The one export of the panel's script. */
export type Mount = (host: PanelHost) => Panel;
