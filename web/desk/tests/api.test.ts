import { expect, test, vi } from "vitest";
import { Api, listIn, ownerIn, RefusedError, UnreachableError } from "../src/api";

function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const send = vi.fn(async (_url: string, _options: RequestInit) => new Response(status === 204 ? null : JSON.stringify(body), { status, headers }));
  const heard: Date[] = [];
  const over = vi.fn();
  return { api: new Api(send, (date) => heard.push(date), over), send, heard, over };
}

test("whatever changes something carries the desk's own header", async () => {
  const { api, send } = answering(204, null);

  await api.setPresence("away");

  expect(send.mock.calls[0]?.[0]).toBe("/api/v1/desk/session/presence");
  expect(send.mock.calls[0]?.[1].headers).toMatchObject({ "X-Balie-Desk": "1" });
});

test("the service is told in which language the desk is read", async () => {
  const send = vi.fn(async (_url: string, _options: RequestInit) => new Response("{}"));

  await new Api(send, undefined, undefined, () => "en").getCard("c1");

  expect(send.mock.calls[0]?.[1].headers).toEqual({ "Accept-Language": "en" });
});

test("clocks go by what the service says the time is", async () => {
  const { api, heard } = answering(200, {}, { Date: "Mon, 03 Mar 2025 10:00:00 GMT" });

  await api.getMe();

  expect(heard).toEqual([new Date("2025-03-03T10:00:00Z")]);
});

test("a refusal has its code and facts; a session that is gone is told apart", async () => {
  const taken = answering(409, { error: { code: "handoff_taken", data: { agent: { display_name: "Youssef" } } } });
  const refusal = await taken.api.step("c1", "accept").catch((error: unknown) => error);
  expect(refusal).toMatchObject({ status: 409, code: "handoff_taken" });
  expect(ownerIn(refusal as RefusedError)).toBe("Youssef");
  expect(taken.over).not.toHaveBeenCalled();

  const gone = answering(401, { error: { code: "session_missing" } });
  await expect(gone.api.getQueue()).rejects.toThrow(RefusedError);
  expect(gone.over).toHaveBeenCalledOnce();
});

test("a service that is not well, or answers with something else, cannot be reached", async () => {
  await expect(answering(503, {}).api.getMe()).rejects.toThrow(UnreachableError);
  const page = new Api(async () => new Response("<html>", { status: 200 }));
  await expect(page.getMe()).rejects.toThrow(UnreachableError);
});

test("names of conversations cannot lead elsewhere", async () => {
  const { api, send } = answering(200, {});

  await api.getCard("../session");

  expect(send.mock.calls[0]?.[0]).toBe("/api/v1/desk/conversations/..%2Fsession/card");
});

test("a list may come bare or under its name", () => {
  expect([listIn([1], "devices"), listIn({ devices: [2] }, "devices"), listIn({}, "devices")]).toEqual([[1], [2], []]);
});
