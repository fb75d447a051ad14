/** What a page asks of the panel, without its looks. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Panel, PanelHost } from "../src/contract";
import { mount } from "../src/panel";
import { FakeService, FakeSocket } from "./support";

const TEN_MINUTES_MS = 10 * 60_000;

/** What the page sees of the view: which texts came to the field, and where the keyboard went last. */
const seen = vi.hoisted(() => ({ written: [] as string[], focus: "" }));

vi.mock("../src/dom", () => ({ adoptStyles: () => undefined, setAttribute: () => undefined }));
vi.mock("../src/panel_view", () => {
  const nothing = () => undefined;
  class PanelView {
    root = {};
    composer = { write: (text: string) => void seen.written.push(text) };
    log = { show: nothing };
    viewer = { close: nothing };
    onward = { close: nothing };
    beQuiet = nothing;
    scrollToEnd = nothing;
    speak = nothing;
    show = nothing;
    keepingPlace = (change: () => void) => change();
    focus = (where: string) => void (seen.focus = where);
  }
  return { PanelView };
});

let sockets: FakeSocket[];

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  Object.assign(seen, { written: [], focus: "" });
  const listens = { addEventListener: () => undefined };
  vi.stubGlobal("window", listens);
  vi.stubGlobal("document", { ...listens, hidden: false, documentElement: { lang: "nl" } });
  vi.stubGlobal("navigator", { language: "nl" });
  vi.stubGlobal("location", { hash: "", href: "https://shop.example/" });
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("fetch", new FakeService().fetch);
  vi.stubGlobal("WebSocket", function () {
    sockets.push(new FakeSocket());
    return sockets.at(-1);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function panelOf(): Panel {
  const root = { append: () => undefined, querySelector: () => null, host: {} };
  const config = { api: "https://shop.example/api/v1", language: "nl" };
  return mount({ root, config, source: null, emit: () => undefined, showUnread: () => undefined } as unknown as PanelHost);
}

const isListening = () => sockets.some(({ isClosed }) => !isClosed);

test("a text that the page opens with stands in the field, and the keyboard is there", () => {
  const panel = panelOf();
  panel.open("Over de tent");

  expect(panel.isOpen).toBe(true);
  expect(seen).toEqual({ written: ["Over de tent"], focus: "field" });
});

test("a page may hand its click handler over: the event of the click is no text", () => {
  const panel = panelOf();
  (panel.open as (given: unknown) => void).call(panel, { type: "click", isTrusted: true });

  expect(panel.isOpen).toBe(true);
  expect(seen.written).toEqual([]);
});

test("a conversation that the page begins long after the chat was closed is not listened to forever", async () => {
  const panel = panelOf();
  await vi.advanceTimersByTimeAsync(TEN_MINUTES_MS);

  await panel.begin();
  await vi.advanceTimersByTimeAsync(TEN_MINUTES_MS - 1_000);
  expect(isListening()).toBe(true);
  await vi.advanceTimersByTimeAsync(2_000);

  expect(isListening()).toBe(false);
});

test("a conversation that the page begins while the chat is open is listened to for as long as it is", async () => {
  const panel = panelOf();
  panel.open();

  await panel.begin();
  await vi.advanceTimersByTimeAsync(2 * TEN_MINUTES_MS);

  expect(isListening()).toBe(true);
});
