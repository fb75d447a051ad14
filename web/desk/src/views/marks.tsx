/** An answer with its four marks, as nodes. Text only ever becomes text. */

import { type Block, type Inline, parseMarks } from "../../../widget/src/marks";
import { t } from "../words";

export function Marked({ text }: { readonly text: string }) {
  return <>{parseMarks(text).map(blockOf)}</>;
}

function blockOf(block: Block, index: number) {
  if (block.kind === "paragraph") return <p key={index}>{block.children.map(inlineOf)}</p>;
  return <ul key={index}>{block.items.map((item, at) => <li key={at}>{item.map(inlineOf)}</li>)}</ul>;
}

function inlineOf(inline: Inline, index: number) {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "bold":
      return <strong key={index}>{inline.children.map(inlineOf)}</strong>;
    case "link":
      return (
        <a key={index} href={inline.url} target="_blank" rel="noopener noreferrer">
          {inline.text}
          <span class="hidden"> ({t("general.new_tab")})</span>
        </a>
      );
    case "break":
      return <br key={index} />;
  }
}
