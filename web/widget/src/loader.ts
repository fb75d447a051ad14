/**
 * `widget.js`: what every page of the shop loads. Draws the launcher and offers `window.Balie`; everything else is
 * fetched when a visitor reaches for it, or comes back to a conversation.
 */

import { paletteOf } from "./colours";
import { readConfig, themeOf, type Config } from "./config";
import type { Emit, Events, Mount, Panel } from "./contract";
import { adoptStyles, setAttribute } from "./dom";
import type { TokenSource } from "./identity";
import { chooseLanguage } from "./languages";
import { Launcher } from "./launcher";
import { type Session, Slots } from "./slots";
import css from "./styles/launcher.css?inline";

/** File name of the panel, with the hash of its contents; filled in by the build. */
declare const PANEL_FILE: string;

/** What the page can do with the widget. */
export interface BalieApi {
  readonly isOpen: boolean;
  /** What opens the conversation of this page at the service; null while there is none. */
  conversation(): Session | null;
  /** The same, begun when there is none. */
  begin(): Promise<Session>;
  /** `text` stands in the field, to be sent or changed, unless the customer is writing there. */
  open(text?: string): void;
  close(): void;
  identify(source: TokenSource): void;
  set(options: { language?: string; theme?: string }): void;
  on<K extends keyof Events>(name: K, listener: (detail: Events[K]) => void): () => void;
}

declare global {
  interface Window {
    Balie?: BalieApi;
    /** What the panel's script leaves behind when it has run. */
    BaliePanel?: { readonly mount: Mount };
    trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } };
  }
}

class Loader implements BalieApi {
  private readonly root: ShadowRoot;
  private readonly launcher: Launcher;
  private readonly listeners = new Map<keyof Events, Set<(detail: never) => void>>();
  private panel: Panel | null = null;
  private loading: Promise<Panel> | null = null;
  private source: TokenSource;

  constructor(
    private readonly config: Config,
    private readonly host: HTMLElement = document.createElement("balie-widget"),
  ) {
    this.source = config.customerToken || null;
    this.root = host.attachShadow({ mode: "open" });
    adoptStyles(this.root, css);
    this.launcher = new Launcher(this.root, this.language, () => this.open(), () => void this.load().catch(() => undefined));
    this.paint();
    document.body.append(host);
    this.follow();
    if (config.customerToken === "") new Slots().clearKnown();
    if (config.open || location.hash.startsWith("#balie=")) this.open();
    else if (this.source || new Slots().used) this.loadWhenIdle();
  }

  get isOpen(): boolean {
    return this.panel?.isOpen ?? false;
  }

  conversation = (): Session | null => this.panel?.session ?? null;

  begin = async (): Promise<Session> => (await this.load()).begin();

  open = (text?: string): void => {
    this.launcher.showBusy(true);
    this.load()
      .then(
        (panel) => panel.open(text),
        () => this.launcher.showUnavailable(),
      )
      .finally(() => this.launcher.showBusy(false));
  };

  close = (): void => {
    this.panel?.close();
  };

  identify = (source: TokenSource): void => {
    this.source = source;
    if (this.panel) this.panel.identify(source);
    else if (source) this.loadWhenIdle();
    else new Slots().clearKnown();
  };

  set = ({ language, theme }: { language?: string; theme?: string }): void => {
    if (language !== undefined) this.config.language = language || null;
    if (theme !== undefined) this.config.theme = themeOf(theme);
    this.paint();
    this.refresh();
  };

  on = <K extends keyof Events>(name: K, listener: (detail: Events[K]) => void): (() => void) => {
    const listeners = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, listeners.add(listener as (detail: never) => void));
    return () => void listeners.delete(listener as (detail: never) => void);
  };

  private readonly emit: Emit = (name, detail) => {
    for (const listener of this.listeners.get(name) ?? []) listener(detail as never);
  };

  private get language() {
    return chooseLanguage(this.config.language, document.documentElement.lang, navigator.language);
  }

  private refresh(): void {
    this.launcher.speak(this.language);
    this.panel?.refresh();
  }

  /** Colours of the shop, and light or dark as the page or the reader's system wants it. */
  private paint(): void {
    const { theme, position, colour } = this.config;
    const isDark = theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
    setAttribute(this.host, "data-theme", isDark ? "dark" : "light");
    setAttribute(this.host, "data-position", position);
    const palette = paletteOf(colour);
    if (!palette) return;
    this.host.style.setProperty("--balie-accent", palette.accent);
    this.host.style.setProperty("--balie-on-accent", palette.onAccent);
    this.host.style.setProperty("--balie-accent-text", isDark ? palette.accentOnDark : palette.accentOnLight);
  }

  private follow(): void {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.paint());
    const changes = new MutationObserver(() => this.refresh());
    changes.observe(document.documentElement, { attributeFilter: ["lang"] });
  }

  private loadWhenIdle(): void {
    const load = () => void this.load().catch(() => undefined);
    if ("requestIdleCallback" in window) requestIdleCallback(load, { timeout: 2000 });
    else setTimeout(load, 200);
  }

  private load(): Promise<Panel> {
    this.loading ??= this.mount().catch((error: unknown) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }

  private async mount(): Promise<Panel> {
    await runScript(this.config.base + PANEL_FILE, this.config.nonce);
    const { root, config, source, emit } = this;
    const showUnread = (count: number) => this.launcher.showUnread(count);
    this.panel = (window.BaliePanel as { mount: Mount }).mount({ root, config, source, emit, showUnread });
    return this.panel;
  }
}

/** Fetch and run a classic script: unlike a module it needs no CORS headers from whoever serves it. */
function runScript(url: string, nonce: string): Promise<void> {
  const script = document.createElement("script");
  const policy = window.trustedTypes?.createPolicy("balie", { createScriptURL: (given: string) => given });
  script.src = policy?.createScriptURL(url) ?? url;
  script.nonce = nonce;
  return new Promise((resolve, reject) => {
    script.onload = () => resolve();
    script.onerror = reject;
    document.head.append(script);
  });
}

function start(): void {
  if (window.Balie) return;
  const script = (document.currentScript ?? document.querySelector('script[src*="widget.js"]')) as HTMLScriptElement;
  const config = readConfig(script);
  const begin = () => {
    window.Balie ??= new Loader(config);
    document.dispatchEvent(new CustomEvent("balie:ready", { detail: window.Balie }));
  };
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin, { once: true });
}

start();
