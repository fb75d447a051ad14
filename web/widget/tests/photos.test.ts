import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pastedPhotos, shrinkPhoto } from "../src/photos";

let drawn: { width: number; height: number }[];

beforeEach(() => {
  drawn = [];
  const context = { fillRect: () => undefined, drawImage: () => undefined };
  const toBlob = function (this: HTMLCanvasElement, done: BlobCallback, type: string) {
    drawn.push({ width: this.width, height: this.height });
    done(new Blob(["small"], { type }));
  };
  vi.stubGlobal("document", { createElement: () => ({ append: () => undefined, getContext: () => context, toBlob }) });
});

afterEach(() => vi.unstubAllGlobals());

/** The browser opens pictures of this size, or none at all. */
function browserOpens(size: [number, number] | null): void {
  const open = () =>
    size
      ? Promise.resolve({ width: size[0], height: size[1], close: () => undefined })
      : Promise.reject(new Error("The source image could not be decoded."));
  vi.stubGlobal("createImageBitmap", open);
}

const file = (type: string, bytes: number) => new Blob([new Uint8Array(bytes)], { type });

test("a small photo is sent as it is", async () => {
  const photo = file("image/webp", 200_000);

  expect(await shrinkPhoto(photo)).toBe(photo);
});

test.each([
  [[4000, 3000], { width: 1600, height: 1200 }],
  [[3000, 4000], { width: 1200, height: 1600 }],
  [[1000, 800], { width: 1000, height: 800 }],
  [[9000, 2], { width: 1600, height: 1 }],
])("a photo of %j is sent as a JPEG of %j", async (size, small) => {
  browserOpens(size as [number, number]);

  const sent = await shrinkPhoto(file("image/jpeg", 4_000_000));

  expect(sent.type).toBe("image/jpeg");
  expect(drawn).toEqual([small]);
});

test("what the browser can open is a photo, whatever it is called, and however large", async () => {
  browserOpens([400, 300]);

  for (const [type, bytes] of [["image/heic", 100], ["image/gif", 100], ["image/jpeg", 30_000_000]] as const) {
    expect((await shrinkPhoto(file(type, bytes))).type).toBe("image/jpeg");
  }
});

test("what the browser cannot open is left to the service, unless that is known to refuse it", async () => {
  browserOpens(null);
  const photo = file("image/webp", 2_000_000);

  expect(await shrinkPhoto(photo)).toBe(photo);
  await expect(shrinkPhoto(file("application/pdf", 100))).rejects.toMatchObject({ code: "photo_unreadable" });
  await expect(shrinkPhoto(file("", 100))).rejects.toMatchObject({ code: "photo_unreadable" });
  await expect(shrinkPhoto(file("image/jpeg", 12_000_000))).rejects.toMatchObject({ code: "photo_too_large" });
});

test("pictures are pasted, unless they only show the words beside them", () => {
  const files = [file("image/png", 1), file("text/html", 1)] as unknown as FileList;

  expect(pastedPhotos({ files, types: ["Files"] })).toHaveLength(1);
  expect(pastedPhotos({ files, types: ["text/plain", "Files"] })).toEqual([]);
});
