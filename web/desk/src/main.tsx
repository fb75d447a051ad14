/** Puts the desk together and on the page. */

import { effect, untracked } from "@preact/signals";
import { render } from "preact";
import { play, showNotification } from "./alerts";
import { Api } from "./api";
import { hearTime, startTicking } from "./clock";
import { Desk } from "./desk";
import { KeptTexts } from "./kept";
import { listenToKeys } from "./keyboard";
import { followAddress, go, route } from "./route";
import { loadSettings } from "./settings";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/lists.css";
import "./styles/conversation.css";
import "./styles/panel.css";
import "./styles/pages.css";
import { PartsContext } from "./views/context";
import { Loading } from "./views/parts";
import { Shell } from "./views/shell";
import { SignIn } from "./views/sign_in";
import { language, t } from "./words";

loadSettings();

const api = new Api(undefined, hearTime, () => desk.sessionOver(), () => language.peek());
const desk: Desk = new Desk({
  api,
  kept: new KeptTexts(sessionStorage),
  openSocket: () => api.openSocket(),
  newId: () => crypto.randomUUID(),
  alert: (kind, item) => {
    play(kind);
    showNotification(t(`notices.${kind}`), item.conversation_id, () => go({ page: "desk", conversation: kind === "offer" ? null : item.conversation_id, pane: "thread" }));
  },
  show: (conversation) => go({ page: "desk", conversation, pane: "thread" }),
});

followAddress();
startTicking();
listenToKeys(desk);
addEventListener("online", () => desk.wake());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") desk.wake();
});

effect(() => {
  document.documentElement.lang = language.value;
  untracked(() => desk.translate());
});
effect(() => {
  const { value } = route;
  const conversation = value.page === "desk" ? value.conversation : null;
  if (conversation && desk.isMineKnown.value) untracked(() => void desk.look(conversation));
});
effect(() => {
  const waiting = desk.waiting.value;
  document.title = waiting ? `(${waiting}) ${t("general.brand")}` : t("general.brand");
});

function App() {
  switch (desk.stage.value) {
    case "starting":
      return <main class="page"><Loading /></main>;
    case "signed_out":
      return <SignIn />;
    case "ready":
      return <Shell />;
  }
}

const root = document.getElementById("desk");
if (root) render(<PartsContext.Provider value={{ desk, api }}><App /></PartsContext.Provider>, root);
void desk.start();
