/** Photos on the screen: small in the log, large when one is pressed. */

import { element, icon, setAttribute } from "./dom";
import type { Language } from "./languages";
import { panel as texts } from "./texts.json";

/** A photo on its way, or the id of one that the service has. */
export type Photo = Blob | string;

/** What a photo in the log needs. */
export interface PhotoActions {
  fetchPhoto(id: string): Promise<Blob>;
  enlarge(url: string): void;
}

/** A photo in the log, loaded when it comes into sight. One that cannot be loaded is tried again when it is pressed. */
export class Thumbnail {
  readonly root: HTMLButtonElement;
  private readonly image = element("img");
  private url = "";

  constructor(
    private readonly photo: Photo,
    private readonly actions: PhotoActions,
  ) {
    this.root = element("button", { class: "photo", type: "button" }, this.image);
    this.root.addEventListener("click", () => (this.url ? actions.enlarge(this.url) : this.load()));
    // No picture, or the page's policy forbids it: then there is nothing to look at.
    this.image.addEventListener("error", () => (this.root.disabled = true));
    const sight = new IntersectionObserver((seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      sight.disconnect();
      void this.load();
    });
    sight.observe(this.root);
  }

  speak(language: Language): void {
    setAttribute(this.image, "alt", texts.photo[language]);
  }

  /** Let go of the picture's memory. */
  drop(): void {
    URL.revokeObjectURL(this.url);
  }

  private async load(): Promise<void> {
    const { photo } = this;
    const file = typeof photo === "string" ? await this.actions.fetchPhoto(photo).catch(() => null) : photo;
    if (!file || this.url) return;
    this.url = URL.createObjectURL(file);
    this.image.src = this.url;
  }
}

/** One photo over the whole page. Any press closes it, and so does Escape. */
export class PhotoViewer {
  readonly root: HTMLDialogElement;
  private readonly image = element("img");
  private readonly closeButton: HTMLButtonElement;

  constructor(cross: string) {
    this.closeButton = element("button", { class: "close", type: "button" }, icon(cross));
    this.root = element("dialog", { class: "viewer" }, this.image, this.closeButton);
    this.root.addEventListener("click", () => this.close());
    // The panel has its own plans for Escape and Tab.
    this.root.addEventListener("keydown", (event) => event.stopPropagation());
  }

  show(url: string): void {
    this.image.src = url;
    this.root.showModal();
  }

  close(): void {
    this.root.close();
  }

  speak(language: Language): void {
    setAttribute(this.root, "aria-label", texts.photo[language]);
    setAttribute(this.image, "alt", texts.photo[language]);
    setAttribute(this.closeButton, "aria-label", texts.close[language]);
  }
}
