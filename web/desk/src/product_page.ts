/** Where the shop shows a product. Pure. */

/** The key by which a page tells what customers follow; an agent who looks is no customer. */
const KEY = "balie";

/** The page as an agent opens it; null where there is none, or none that a browser should or can open. */
export function pageFor(url: string | null | undefined, here: string): string | null {
  if (!url) return null;
  const isOurs = /^\/(?![/\\])/.test(url);
  if (!isOurs && !url.startsWith("https://")) return null;
  const page = parse(url, here);
  page?.searchParams.delete(KEY);
  return page?.href ?? null;
}

function parse(url: string, here: string): URL | null {
  try {
    return new URL(url, here);
  } catch {
    return null;
  }
}
