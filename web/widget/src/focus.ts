/** Keeps the keyboard inside the panel while it is open. */

const FOCUSABLE = "a[href], button:not([disabled]), textarea, [tabindex='0']";

/** Handle a Tab key: from the last element to the first and back. */
export function keepFocusIn(panel: HTMLElement, event: KeyboardEvent): void {
  if (event.key !== "Tab") return;
  const stops = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.checkVisibility?.() ?? true);
  const active = (panel.getRootNode() as ShadowRoot).activeElement;
  const [edge, target] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (active !== edge && !(event.shiftKey && active === panel)) return;
  event.preventDefault();
  target?.focus();
}

/** Whether touching is the main way to point: then a keyboard would cover half of the screen. */
export function prefersTouch(): boolean {
  return matchMedia("(pointer: coarse)").matches;
}
