/** Small helpers to make nodes. Text goes in as text, always. */

type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** An element with attributes (true: present, false or undefined: absent) and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value);
  made.append(...children);
  return made;
}

/** Set, change or remove one attribute; nothing is touched when nothing changes. */
export function setAttribute(target: Element, name: string, value: string | boolean | undefined): void {
  const wanted = value === true ? "" : value;
  if (wanted === undefined || wanted === false) target.removeAttribute(name);
  else if (target.getAttribute(name) !== wanted) target.setAttribute(name, wanted);
}

/** Change a text only when it differs, so that screen readers do not hear it again. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** The name space of drawings. */
export const SVG = "http://www.w3.org/2000/svg";

/** A line drawing of 24 × 24, hidden from assistive tools. */
export function icon(...paths: string[]): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Add a style sheet to a shadow root in a way that a strict content security policy allows. */
export function adoptStyles(root: ShadowRoot, css: string): void {
  if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  } else {
    (root as ShadowRoot).append(element("style", {}, css));
  }
}
