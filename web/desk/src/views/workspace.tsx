/** The open conversations: side by side where there is room, one at a time with tabs where there is not. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Conversation } from "../conversation";
import { languageName } from "../formats";
import { columnsIn, shown } from "../layout";
import { fragmentOf, go, type Pane } from "../route";
import { acceptAndWrite, openWindow, panelTab } from "../ui";
import { t, word } from "../words";
import { Composer } from "./composer";
import { useParts } from "./context";
import { EmotionChip, IconButton, Ticking } from "./parts";
import { customerName } from "./queue";
import { Thread } from "./thread";

/** States in which nobody has the customer yet. */
const MAY_BE_TAKEN = ["queued", "offered", "promised"];

export function Workspace() {
  const { desk } = useParts();
  const space = useRef<HTMLDivElement>(null);
  const fit = useSignal(1);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      fit.value = columnsIn(entry?.contentRect.width ?? 0);
    });
    if (space.current) observer.observe(space.current);
    return () => observer.disconnect();
  }, []);
  const open = desk.open.value;
  const visible = shown(open, desk.active.value, fit.value);
  return (
    <div ref={space} class="workspace">
      {open.length > visible.length && <Tabs open={open} />}
      <div class="columns">
        {visible.map((conversation) => <Column key={conversation.id} conversation={conversation} />)}
        {!open.length && (
          <div class="nothing-open">
            <p>{t("conversation.nothing_open")}</p>
            <p class="quiet">{t("conversation.nothing_hint")}</p>
          </div>
        )}
      </div>
    </div>
  );
}

function Tabs({ open }: { readonly open: readonly Conversation[] }) {
  const { desk } = useParts();
  return (
    <nav class="tabs" aria-label={t("conversation.tabs")}>
      {open.map((conversation) => {
        const item = conversation.item.value;
        const address = fragmentOf({ page: "desk", conversation: conversation.id, pane: "thread" });
        return (
          <a key={conversation.id} class="tab" href={address} aria-current={desk.active.value === conversation.id ? "page" : undefined}>
            {customerName(item)}
            {item.unread > 0 && <span class="badge">{item.unread}</span>}
          </a>
        );
      })}
    </nav>
  );
}

function Column({ conversation }: { readonly conversation: Conversation }) {
  const { desk } = useParts();
  const isActive = desk.active.value === conversation.id;
  const access = conversation.access.value;
  const touched = () => {
    if (!isActive) go({ page: "desk", conversation: conversation.id, pane: "thread" });
  };
  return (
    <section class={`column ${isActive ? "active" : ""}`} data-conversation={conversation.id} tabIndex={-1}
      aria-label={t("thread.label", { customer: customerName(conversation.item.value) })} onFocusIn={touched} onPointerDown={touched}>
      <Head conversation={conversation} />
      <Thread conversation={conversation} />
      {access === "mine" ? <Composer conversation={conversation} /> : <Watching conversation={conversation} />}
    </section>
  );
}

function Head({ conversation }: { readonly conversation: Conversation }) {
  const { desk } = useParts();
  const item = conversation.item.value;
  const isMine = conversation.access.value === "mine";
  const openStep = (kind: "resolve" | "transfer" | "snooze" | "return") => () => {
    openWindow.value = { kind, conversation };
  };
  const showCard = () => {
    panelTab.value = "card";
    go({ page: "desk", conversation: conversation.id, pane: "card" });
  };
  return (
    <header class="head">
      <div class="head-top">
        <a class="icon-button only-narrow" href={fragmentOf({ page: "desk", conversation: null, pane: "thread" })} aria-label={t("general.back")}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M15 5l-7 7 7 7" /></svg>
        </a>
        <h2>{customerName(item)}</h2>
        <button type="button" class="button only-panelless" onClick={showCard}>{t("conversation.card")}</button>
        {!isMine && <IconButton icon="close" name={t("conversation.close")} onClick={() => desk.close(conversation.id)} />}
      </div>
      <p class="chips">
        {item.mood && <EmotionChip label={item.mood.leading} words={word("emotions", item.mood.leading)} />}
        {item.customer?.band && <span class="chip">{word("bands", item.customer.band)}</span>}
        <span class="chip">{languageName(item.language)}</span>
        <span class="chip">{word("channels", item.heard_via)}</span>
        {!isMine && item.agent && <span class="chip">{t("conversation.with", { agent: item.agent.display_name })}</span>}
        <WaitClock conversation={conversation} />
      </p>
      {isMine && (
        <div class="steps" role="group" aria-label={t("conversation.actions")}>
          <button type="button" class="button primary" onClick={openStep("resolve")}>{t("conversation.resolve")}</button>
          <button type="button" class="button" onClick={openStep("transfer")}>{t("conversation.transfer")}</button>
          <button type="button" class="button" onClick={openStep("snooze")}>{t("conversation.snooze")}</button>
          <button type="button" class="button" onClick={openStep("return")}>{t("conversation.return")}</button>
        </div>
      )}
    </header>
  );
}

/** The clock that matters now: by when the customer is promised an answer, else for how long they wait. */
function WaitClock({ conversation }: { readonly conversation: Conversation }) {
  const item = conversation.item.value;
  const due = item.first_reply_due_at ?? item.next_reply_due_at;
  if (conversation.access.value === "reading") return null;
  if (due) {
    return (
      <span class={`clock ${item.breached ? "late" : ""}`}>
        <Ticking until={due} words={(time, isPast) => t(isPast ? "conversation.first_late" : "conversation.first_due", { time })} />
      </span>
    );
  }
  const waits = conversation.waitingSince.value;
  if (!waits) return null;
  return <span class="clock"><Ticking since={waits} words={(time) => t("conversation.unanswered", { time })} /></span>;
}

function Watching({ conversation }: { readonly conversation: Conversation }) {
  const { desk } = useParts();
  const isListening = conversation.access.value === "listening";
  const item = conversation.item.value;
  return (
    <div class="watching" role="status">
      <p>{t(isListening ? "thread.listening" : "thread.reading")}</p>
      {MAY_BE_TAKEN.includes(item.state) && (
        <button type="button" class="button primary" onClick={() => void acceptAndWrite(desk, item)}>{t("queue.accept")}</button>
      )}
      {isListening && desk.isLead && (
        <button type="button" class="button primary" onClick={() => { openWindow.value = { kind: "take_over", item }; }}>{t("conversation.take_over")}</button>
      )}
    </div>
  );
}

/** On a narrow screen one thing is in front. */
export function frontOf(conversation: string | null, pane: Pane): "lists" | "thread" | "card" {
  if (!conversation) return "lists";
  return pane;
}
