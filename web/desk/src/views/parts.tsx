/** Small pieces that many views use. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { now } from "../clock";
import { clock } from "../formats";
import { pageFor } from "../product_page";
import { t } from "../words";

const ICONS = {
  close: ["M6 6l12 12", "M18 6L6 18"],
  send: ["M4 12l16-8-6 16-3-7z"],
  photo: ["M4 8h3l2-3h6l2 3h3v11H4z", "M12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z"],
  menu: ["M4 7h16", "M4 12h16", "M4 17h16"],
  back: ["M15 5l-7 7 7 7"],
  down: ["M12 5v14", "M6 13l6 6 6-6"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  keys: ["M3 7h18v10H3z", "M7 11h.01", "M12 11h.01", "M17 11h.01", "M8 14h8"],
} as const;

/** A line drawing that assistive tools skip. */
export function Icon({ name }: { readonly name: keyof typeof ICONS }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      {ICONS[name].map((d) => (
        <path key={d} d={d} />
      ))}
    </svg>
  );
}

/** What a product is called, and the way to its page in the shop. */
export function ProductName({ name, url }: { readonly name: string; readonly url?: string | null | undefined }) {
  const page = pageFor(url, location.href);
  if (page === null) return <strong>{name}</strong>;
  return (
    <a class="product-name" href={page} target="_blank" rel="noopener noreferrer">
      {name}
      <span class="hidden"> ({t("general.new_tab")})</span>
    </a>
  );
}

/** A button with a drawing on it and a name for those who do not see it. */
export function IconButton(props: {
  readonly icon: keyof typeof ICONS;
  readonly name: string;
  readonly class?: string;
  readonly onClick: () => void;
}) {
  return (
    <button type="button" class={`icon-button ${props.class ?? ""}`} aria-label={props.name} title={props.name} onClick={props.onClick}>
      <Icon name={props.icon} />
    </button>
  );
}

/** A clock up or down to a moment, ticking; screen readers are not told every second. */
export function Ticking({ since, until, words }: {
  readonly since?: string | Date | null;
  readonly until?: string | Date | null;
  readonly words: (time: string, isPast: boolean) => string;
}) {
  const at = new Date(since ?? until ?? 0).getTime();
  const difference = since ? now.value - at : at - now.value;
  return <>{words(clock(Math.abs(difference)), difference < 0)}</>;
}

/** What customers feel, as a small label; calm has none. */
export function EmotionChip({ label, words }: { readonly label: string; readonly words: string }) {
  if (label === "neutral") return null;
  return <span class={`chip emotion ${label}`}>{words}</span>;
}

/** Where the keyboard goes in a window: to what is asked, not to the button that closes it. */
const FIRST_STOP = "input:checked, input, select, textarea, .dialog-actions .button";

/** A modal window: the keyboard stays in it, Escape closes it, and the keyboard goes back to where it was. */
export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly class?: string;
}) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>(FIRST_STOP)?.focus();
    return () => {
      element.current?.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  const pressed = (event: MouseEvent) => {
    if (event.target === element.current) props.onClose();
  };
  return (
    <dialog ref={element} class={props.class ?? ""} aria-labelledby="dialog-title" onClick={pressed}
      onCancel={(event) => { event.preventDefault(); props.onClose(); }}>
      <div class="dialog-inner">
        <header class="dialog-head">
          <h2 id="dialog-title">{props.title}</h2>
          <IconButton icon="close" name={t("general.close")} onClick={props.onClose} />
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

/** Something could not be fetched: say so, and offer to try again. */
export function Failed({ again }: { readonly again: () => void }) {
  return (
    <div class="failed-load" role="status">
      <p>{t("general.could_not_load")}</p>
      <button type="button" class="button" onClick={again}>{t("general.again")}</button>
    </div>
  );
}

/** Something is being fetched. */
export function Loading() {
  return <p class="quiet" role="status">{t("general.loading")}</p>;
}
