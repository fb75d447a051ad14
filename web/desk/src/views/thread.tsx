/** What was said in a conversation: a log that is read out politely, each message in its own language. */

import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { now } from "../clock";
import type { Conversation } from "../conversation";
import { beyondCards } from "../../../widget/src/cards";
import { amount, dayOf, timeOf } from "../formats";
import type { Outgoing } from "../outbox";
import type { AgentMessage, Note } from "../protocol";
import { lastReadByCustomer, type Row } from "../thread";
import { openWindow } from "../ui";
import { t, word } from "../words";
import { useParts } from "./context";
import { Marked } from "./marks";
import { EmotionChip, Failed, Icon, IconButton, Loading, ProductName } from "./parts";
import { customerName } from "./queue";

const NEAR_END_PX = 80;

export function Thread({ conversation }: { readonly conversation: Conversation }) {
  if (conversation.failedToLoad.value) return <div class="thread"><Failed again={() => void conversation.load()} /></div>;
  if (!conversation.isLoaded.value) return <div class="thread"><Loading /></div>;
  return <Log conversation={conversation} />;
}

function Log({ conversation }: { readonly conversation: Conversation }) {
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useSignal(true);
  const rows = conversation.rows.value;
  const name = customerName(conversation.item.value);
  const marks = {
    read: lastReadByCustomer(conversation.messages.value, conversation.read.value.customer),
    sent: lastReadByCustomer(conversation.messages.value, Number.POSITIVE_INFINITY),
  };
  const toEnd = () => log.current?.scrollTo({ top: log.current.scrollHeight });
  useLayoutEffect(() => {
    if (isAtEnd.peek()) toEnd();
  }, [rows]);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (isAtEnd.peek()) toEnd();
    });
    if (log.current) observer.observe(log.current);
    return () => observer.disconnect();
  }, []);
  useReading(conversation, rows);
  const scrolled = () => {
    const { scrollTop = 0, clientHeight = 0, scrollHeight = 0 } = log.current ?? {};
    isAtEnd.value = scrollHeight - clientHeight - scrollTop < NEAR_END_PX;
  };
  return (
    <div class="thread">
      <div ref={log} class="log" role="log" aria-live="polite" aria-label={t("thread.label", { customer: name })} tabIndex={0} onScroll={scrolled}>
        {!rows.length && <p class="quiet">{t("thread.empty")}</p>}
        {rows.map((row) => <RowView key={row.key} row={row} conversation={conversation} marks={marks} />)}
      </div>
      <p class="typing" aria-live="off">{conversation.isCustomerTyping.value && t("thread.typing", { customer: name })}</p>
      {!isAtEnd.value && <IconButton icon="down" class="to-end" name={t("thread.to_end")} onClick={toEnd} />}
    </div>
  );
}

/** Whoever has the page in front of them has read what stands there. */
function useReading(conversation: Conversation, rows: readonly Row[]): void {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible" && document.hasFocus()) void conversation.markRead();
    };
    look();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, [conversation, rows]);
}

/** The agent's last message that was read, and the last at all: only these two say how far they came. */
interface Marks {
  readonly read: number;
  readonly sent: number;
}

interface RowProps {
  readonly row: Row;
  readonly conversation: Conversation;
  readonly marks: Marks;
}

function RowView({ row, conversation, marks }: RowProps) {
  switch (row.kind) {
    case "day":
      return <p class="day">{dayOf(row.at, new Date(now.peek()))}</p>;
    case "note":
      return <NoteView note={row.note} />;
    case "outgoing":
      return <OutgoingView outgoing={row.outgoing} conversation={conversation} />;
    case "message":
      return <Bubble message={row.message} conversation={conversation} marks={marks} />;
  }
}

function Bubble({ message, conversation, marks }: {
  readonly message: AgentMessage;
  readonly conversation: Conversation;
  readonly marks: Marks;
}) {
  const { desk } = useParts();
  const isOwn = message.author === "agent" && message.agent?.id === desk.me.value?.id;
  const author = isOwn ? t("thread.you") : message.agent?.display_name ?? t(`thread.${message.author}`);
  const isPlain = message.author === "customer" || message.author === "agent";
  return (
    <div class={`row ${message.author}`}>
      <div class="bubble" lang={message.language ?? undefined} dir="auto">
        <span class="hidden">{author}: </span>
        {isPlain ? message.text && <p class="typed">{message.text}</p> : <Marked text={message.cards?.length ? beyondCards(message.text) : message.text} />}
        <Photos message={message} conversation={conversation} />
        <Cards message={message} />
        <Buttons message={message} />
      </div>
      <p class="meta" aria-live="off">
        {message.author !== "system" && <span aria-hidden="true">{author}</span>}
        <time dateTime={message.created_at}>{timeOf(message.created_at)}</time>
        {message.edited_at && <span>{t("thread.edited")}</span>}
        {message.sequence === marks.read && <span>{t("thread.read")}</span>}
        {message.sequence === marks.sent && marks.read < marks.sent && <span>{t("thread.sent")}</span>}
        <Feeling message={message} />
      </p>
    </div>
  );
}

function Feeling({ message }: { readonly message: AgentMessage }) {
  const { emotion } = message;
  if (message.author !== "customer" || !emotion?.known) return null;
  return <EmotionChip label={emotion.label} words={word("emotions", emotion.label)} />;
}

function Photos({ message, conversation }: { readonly message: AgentMessage; readonly conversation: Conversation }) {
  const { api } = useParts();
  const name = t(message.author === "customer" ? "thread.photo" : "thread.photo_own");
  return (message.photos ?? []).map((photo) => {
    const address = api.photoAddress(conversation.id, photo.id);
    return (
      <button key={photo.id} type="button" class="photo" onClick={() => { openWindow.value = { kind: "photo", address }; }}>
        <img src={address} alt={name} width={190} height={190} loading="lazy" />
      </button>
    );
  });
}

/** What the customer may press; agents read it. */
function Buttons({ message }: { readonly message: AgentMessage }) {
  const ofMessage = (message.buttons ?? []).filter(({ card }) => card === undefined);
  if (!ofMessage.length) return null;
  return (
    <ul class="shown-buttons" aria-label={t("thread.buttons")}>
      {ofMessage.map((button) => <li key={button.title}>{button.title}</li>)}
    </ul>
  );
}

/** The products that the customer sees, small. Pictures of our own only: the desk takes nothing from elsewhere. */
function Cards({ message }: { readonly message: AgentMessage }) {
  if (!message.cards?.length) return null;
  return (
    <ul class="shown-cards" aria-label={t("thread.cards")}>
      {message.cards.map(({ sku, name, price, reason, picture, url }) => (
        <li key={sku}>
          {picture?.startsWith("/") && <img src={picture} alt="" width={56} height={42} loading="lazy" />}
          <p>
            <ProductName name={name} url={url} /> <span class="nowrap">{amount({ minor_units: price.minor, currency: price.currency })}</span>
            <span class="quiet small card-why">{reason}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

function NoteView({ note }: { readonly note: Note }) {
  const agent = note.agent?.display_name ?? t("thread.agent");
  return (
    <div class="row note">
      <div class="bubble note-bubble" dir="auto">
        <p class="note-head"><Icon name="lock" />{t("thread.note_by", { agent })} <span class="quiet">· {t("thread.only_agents")}</span></p>
        <p class="typed">{note.text}</p>
      </div>
      <p class="meta" aria-live="off"><time dateTime={note.created_at}>{timeOf(note.created_at)}</time></p>
    </div>
  );
}

function OutgoingView({ outgoing, conversation }: { readonly outgoing: Outgoing; readonly conversation: Conversation }) {
  const { clientId, state } = outgoing;
  return (
    <div class={`row ${outgoing.isNote ? "note" : "agent"} pending`}>
      <div class={`bubble ${outgoing.isNote ? "note-bubble" : ""}`} dir="auto">
        <p class="typed">{outgoing.photo ? t("thread.photo_own") : outgoing.text}</p>
      </div>
      {state === "failed" ? (
        <div class="not-sent" role="alert">
          <p>{t("thread.failed")}: {t(`errors.${outgoing.problem ?? "unknown"}`)}</p>
          <button type="button" class="button" onClick={() => conversation.retry(clientId)}>{t("thread.retry")}</button>
          <button type="button" class="button" onClick={() => conversation.takeBack(clientId)}>{t("thread.take_back")}</button>
        </div>
      ) : (
        <p class="meta" aria-live="off">{t(`thread.${state}`)}</p>
      )}
    </div>
  );
}
