/** Makes nodes of an answer. Text only ever becomes text. */

import { follows, isOwnPage, opensHere } from "./along";
import { element } from "./dom";
import { type Block, type Inline, parseMarks } from "./marks";

/** A link that leaves the page alone: new tab, no way back to it, said to those who cannot see it. */
export function linkTo(url: string, text: string, newTab: string): HTMLAnchorElement {
  const attributes = { href: url, target: "_blank", rel: "noopener noreferrer" };
  return element("a", attributes, text, element("span", { class: "hidden" }, ` (${newTab})`));
}

/** A link to a page of the shop, in the same tab where the chat stands on one; tells when it is followed, and whether here. */
export function linkToShop(url: string, text: string, newTab: string, followed: (isHere: boolean) => void): HTMLAnchorElement {
  const isOwn = isOwnPage(url, location.href);
  const link = isOwn ? element("a", { href: url }, text) : linkTo(url, text, newTab);
  const tell = (event: MouseEvent) => follows(event) && followed(isOwn && opensHere(event));
  link.addEventListener("click", tell);
  link.addEventListener("auxclick", tell);
  return link;
}

/** What a customer typed, exactly as typed. */
export function renderPlain(text: string): Node[] {
  return [element("p", { class: "typed" }, text)];
}

/** An answer with its four marks. */
export function renderMarks(text: string, newTab: string): Node[] {
  return parseMarks(text).map((block) => renderBlock(block, newTab));
}

function renderBlock(block: Block, newTab: string): Node {
  if (block.kind === "paragraph") return element("p", {}, ...block.children.map((child) => renderInline(child, newTab)));
  const items = block.items.map((item) => element("li", {}, ...item.map((child) => renderInline(child, newTab))));
  return element("ul", {}, ...items);
}

function renderInline(inline: Inline, newTab: string): Node {
  switch (inline.kind) {
    case "text":
      return document.createTextNode(inline.text);
    case "bold":
      return element("strong", {}, ...inline.children.map((child) => renderInline(child, newTab)));
    case "link":
      return linkTo(inline.url, inline.text, newTab);
    case "break":
      return element("br");
  }
}
