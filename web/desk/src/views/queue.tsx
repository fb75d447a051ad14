/** The left side of the desk: the agent's own customers, and everybody who waits. */

import type { Conversation } from "../conversation";
import { nameOf } from "../desk";
import { languageName } from "../formats";
import type { QueueItem } from "../protocol";
import { fragmentOf } from "../route";
import { acceptAndWrite } from "../ui";
import { whyInWords } from "../urgency";
import { counted, t, word } from "../words";
import { useParts } from "./context";
import { EmotionChip, Loading, Ticking } from "./parts";

export function Lists() {
  return (
    <div class="lists">
      <Mine />
      <Queue />
    </div>
  );
}

function Mine() {
  const { desk } = useParts();
  const open = desk.open.value;
  return (
    <section aria-labelledby="mine-title">
      <h2 id="mine-title" class="list-title">{t("queue.mine")}</h2>
      {open.length ? (
        <ul class="cards">{open.map((conversation) => <MineCard key={conversation.id} conversation={conversation} />)}</ul>
      ) : (
        <p class="quiet">{t("queue.mine_empty")}</p>
      )}
    </section>
  );
}

function MineCard({ conversation }: { readonly conversation: Conversation }) {
  const { desk } = useParts();
  const item = conversation.item.value;
  const waits = conversation.waitingSince.value;
  const address = fragmentOf({ page: "desk", conversation: conversation.id, pane: "thread" });
  return (
    <li>
      <a class="card mine-card" href={address} aria-current={desk.active.value === conversation.id ? "true" : undefined}>
        <span class="card-top">
          <strong>{customerName(item)}</strong>
          {item.unread > 0 && (
            <span class="badge"><span aria-hidden="true">{item.unread}</span><span class="hidden">{counted("queue.unread", item.unread)}</span></span>
          )}
        </span>
        <span class="snippet" lang={item.language ?? undefined}>{item.last_text}</span>
        <span class="quiet small">
          {word("channels", item.heard_via)} · {waits ? <Ticking since={waits} words={(time) => t("queue.awaiting", { time })} /> : t("queue.answered")}
        </span>
      </a>
    </li>
  );
}

function Queue() {
  const { desk } = useParts();
  const items = desk.queue.value;
  return (
    <section aria-labelledby="queue-title">
      <h2 id="queue-title" class="list-title" tabIndex={-1}>{t("queue.title")}</h2>
      {desk.isQueueKnown.value && <p class="quiet small" role="status">{items.length ? counted("queue.count", desk.waiting.value) : t("queue.empty")}</p>}
      {!desk.isQueueKnown.value && <Loading />}
      {desk.me.value?.presence !== "online" && <p class="banner small">{t("queue.away")}</p>}
      <ol class="cards">{items.map((item) => <Waiter key={item.conversation_id} item={item} />)}</ol>
    </section>
  );
}

function Waiter({ item }: { readonly item: QueueItem }) {
  const { desk } = useParts();
  const isForMe = item.state === "offered" && item.offered_to === desk.me.value?.id;
  const accept = () => acceptAndWrite(desk, item);
  const keyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const sibling = event.key === "ArrowDown" ? "nextElementSibling" : event.key === "ArrowUp" ? "previousElementSibling" : null;
    if (event.key === "Enter") void accept();
    else if (sibling) ((event.currentTarget as HTMLElement)[sibling] as HTMLElement | null)?.focus();
    else return;
    event.preventDefault();
  };
  const name = customerName(item);
  return (
    <li class={`card waiter ${isForMe ? "for-me" : ""} ${item.breached ? "breached" : ""}`} data-waiter={item.conversation_id} tabIndex={-1} onKeyDown={keyDown}>
      <OfferLine item={item} isForMe={isForMe} />
      <div class="card-top">
        <a class="waiter-name" href={fragmentOf({ page: "desk", conversation: item.conversation_id, pane: "thread" })}>{name}</a>
        <span class="clock"><Ticking since={item.waiting_since} words={(time) => t("queue.waits", { time })} /></span>
      </div>
      <p class="why-main">{word("reasons", item.reason)}</p>
      <p class="chips">
        {item.mood && <EmotionChip label={item.mood.leading} words={word("emotions", item.mood.leading)} />}
        <span class="chip">{languageName(item.language)}</span>
        <span class="chip">{word("channels", item.heard_via)}</span>
        <Due item={item} />
      </p>
      <p class="snippet" lang={item.language ?? undefined}>{item.last_text}</p>
      <Why item={item} />
      <div class="card-actions">
        {isForMe && <button type="button" class="button" onClick={() => void desk.decline(item)}>{t("queue.decline")}<span class="hidden"> {name}</span></button>}
        <button type="button" class="button primary" onClick={() => void accept()}>{t("queue.accept")}<span class="hidden"> {name}</span></button>
      </div>
    </li>
  );
}

function OfferLine({ item, isForMe }: { readonly item: QueueItem; readonly isForMe: boolean }) {
  const { desk } = useParts();
  if (item.state !== "offered") return null;
  if (isForMe) {
    return <p class="offer"><Ticking until={item.offer_expires_at} words={(time, isPast) => t("queue.for_you", { time: isPast ? "0:00" : time })} /></p>;
  }
  const agent = desk.colleagues.value.find(({ id }) => id === item.offered_to)?.display_name;
  return <p class="quiet small">{agent ? t("queue.offered", { agent }) : t("queue.offered_other")}</p>;
}

/** Everything that counts, beside the reason and the wait, which stand there already. */
function Why({ item }: { readonly item: QueueItem }) {
  const phrases = whyInWords(item.why.filter(({ code }) => code !== "waiting" && code !== "reason"));
  if (!phrases.length) return null;
  return <p class="small why"><span class="quiet">{t("queue.why")}:</span> {phrases.join(" · ")}</p>;
}

/** The clock of the first answer. */
export function Due({ item }: { readonly item: QueueItem }) {
  if (!item.first_reply_due_at) return null;
  return (
    <Ticking until={item.first_reply_due_at} words={(time, isPast) => t(isPast ? "queue.late" : "queue.due", { time })} />
  );
}

export function customerName(item: Pick<QueueItem, "customer">): string {
  return nameOf(item) || t("general.unknown_customer");
}
