/** Photos before they are sent: opened by the browser and made small, so that a slow network can carry them. */

import { RefusedError } from "./api";
import { element } from "./dom";

/** What the service reads. */
export const PHOTO_TYPES: readonly string[] = ["image/jpeg", "image/png", "image/webp"];

/** Pixels; the service keeps no more either. */
const LONGEST_SIDE = 1600;
const QUALITY = 0.85;
/** A photo of this many bytes is sent as it is. */
const SMALL_BYTES = 1_000_000;
/** What the service takes at most, unless it is set up otherwise. */
const MOST_BYTES = 10_000_000;

/**
 * The photo as it is sent: small, as a JPEG. A browser that cannot open it leaves that to the service, unless the
 * service would refuse it anyway; then this fails with what the service would say.
 */
export async function shrinkPhoto(file: Blob): Promise<Blob> {
  const isReadable = PHOTO_TYPES.includes(file.type);
  if (isReadable && file.size <= SMALL_BYTES) return file;
  const small = await redraw(file).catch(() => null);
  if (small) return small;
  if (!isReadable) throw new RefusedError(422, "photo_unreadable");
  if (file.size > MOST_BYTES) throw new RefusedError(413, "photo_too_large");
  return file;
}

async function redraw(file: Blob): Promise<Blob | null> {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = element("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

/** The pictures among what was pasted: none when there are words too (office programs add a picture of them). */
export function pastedPhotos({ files, types }: Pick<DataTransfer, "files" | "types">): readonly File[] {
  if (types.includes("text/plain")) return [];
  return [...files].filter(({ type }) => type.startsWith("image/"));
}
