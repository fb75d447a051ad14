/**
 * The four marks of an answer: blank line, `- ` list, `**bold**`, `[text](https://…)`. Everything else is text.
 * The result is a small tree; `render.ts` makes nodes of it, so that no text ever becomes HTML.
 */

export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bold"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly text: string; readonly url: string }
  | { readonly kind: "break" };

export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "list"; readonly items: readonly (readonly Inline[])[] };

const LIST_ITEM = /^\s*- +/;
const MARK = /\*\*(?=\S)(.+?)(?<=\S)\*\*|\[([^\[\]\n]+)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)/g;

/** The blocks of a text, in order. */
export function parseMarks(text: string): readonly Block[] {
  const blocks: Block[] = [];
  for (const lines of runsOf(text.replace(/\r\n?/g, "\n").split("\n"))) {
    const isList = LIST_ITEM.test(lines[0] ?? "");
    blocks.push(isList ? listOf(lines) : { kind: "paragraph", children: inlineLines(lines) });
  }
  return blocks;
}

/** The link's address when it is safe to follow, else null. Only https, e-mail and telephone leave the widget. */
export function safeUrl(url: string): string | null {
  try {
    const parsed = new URL(url);
    return ["https:", "mailto:", "tel:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** The address of a button: as safe as a link, or a paper of our own service, which begins with a slash. */
export function buttonUrl(url: string, api: string): string | null {
  return /^\/(?![/\\])/.test(url) ? new URL(url, api).href : safeUrl(url);
}

/** Runs of lines that belong together: blank lines part them, and so does the start or end of a list. */
function runsOf(lines: readonly string[]): string[][] {
  const runs: string[][] = [];
  let previous = "";
  for (const line of lines) {
    if (line.trim() !== "") {
      const continues = previous !== "" && LIST_ITEM.test(line) === LIST_ITEM.test(previous);
      if (continues) runs.at(-1)?.push(line);
      else runs.push([line]);
    }
    previous = line.trim();
  }
  return runs;
}

function listOf(lines: readonly string[]): Block {
  return { kind: "list", items: lines.map((line) => parseInline(line.replace(LIST_ITEM, ""))) };
}

function inlineLines(lines: readonly string[]): Inline[] {
  return lines.flatMap((line, index) => [...(index ? [{ kind: "break" } as const] : []), ...parseInline(line)]);
}

function parseInline(line: string): Inline[] {
  const found: Inline[] = [];
  let end = 0;
  for (const match of line.matchAll(MARK)) {
    if (match.index > end) found.push({ kind: "text", text: line.slice(end, match.index) });
    found.push(markOf(match));
    end = match.index + match[0].length;
  }
  if (end < line.length) found.push({ kind: "text", text: line.slice(end) });
  return found;
}

function markOf([whole, bold, label, address]: RegExpMatchArray): Inline {
  if (bold !== undefined) return { kind: "bold", children: parseInline(bold) };
  const url = safeUrl(address ?? "");
  return url ? { kind: "link", text: label ?? url, url } : { kind: "text", text: whole };
}
