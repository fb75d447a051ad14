/** The card: who it is, what they want, how they feel, what was tried, what to do next. */

import type { ComponentChildren } from "preact";
import { now } from "../clock";
import type { Conversation } from "../conversation";
import { amount, dateOf, languageName, momentOf } from "../formats";
import type { Card } from "../protocol";
import { composerOf, focusSoon } from "../ui";
import { counted, t, word } from "../words";
import { EmotionChip, Failed, Loading, ProductName } from "./parts";

type Customer = NonNullable<Card["customer"]>;

export function CardView({ conversation }: { readonly conversation: Conversation }) {
  const card = conversation.card.value;
  if (card === "failed") return <Failed again={() => void conversation.loadCard()} />;
  if (!card) return <Loading />;
  return (
    <>
      <PassedOn note={conversation.item.value.note ?? null} />
      {card.suggestion && <Suggestion suggestion={card.suggestion} />}
      <Wants card={card} />
      {card.mood && <MoodView mood={card.mood} />}
      <Tried tried={card.tried} />
      <Replies card={card} conversation={conversation} />
      <Recommended card={card} conversation={conversation} />
      <Part title={t("card.who")}>{card.customer ? <Who customer={card.customer} /> : <p class="quiet">{t("card.unknown")}</p>}</Part>
      <History card={card} />
    </>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return <section class="part"><h3>{title}</h3>{children}</section>;
}

/** What the last agent wrote for whoever is next. */
function PassedOn({ note }: { readonly note: string | null }) {
  if (!note) return null;
  return (
    <section class="part passed-on">
      <h3>{t("card.passed_on")}</h3>
      <p class="typed">{note}</p>
    </section>
  );
}

function Suggestion({ suggestion }: { readonly suggestion: NonNullable<Card["suggestion"]> }) {
  return (
    <section class="part suggestion-part">
      <h3>{t("card.suggestion")}</h3>
      <p><strong>{suggestion.title}</strong></p>
      <p class="quiet">{suggestion.why}</p>
    </section>
  );
}

function Wants({ card }: { readonly card: Card }) {
  const { intents, flow, flow_title, slots } = card.wants;
  const filled = Object.entries(slots).filter(([, value]) => value);
  return (
    <Part title={t("card.wants")}>
      {card.reason && <p><span class="chip strong">{word("reasons", card.reason.code)}</span></p>}
      {!intents.length && <p class="quiet">{t("card.nothing_asked")}</p>}
      <ol class="plain">{intents.map(({ intent, title, at }) => <li key={intent + at}>{title} <span class="quiet small">{momentOf(at, today())}</span></li>)}</ol>
      {flow && <p>{t("card.flow")}: {flow_title ?? word("flows", flow)}</p>}
      {filled.length > 0 && (
        <dl class="facts">{filled.map(([name, value]) => <div key={name}><dt>{word("slots", name)}</dt><dd>{value}</dd></div>)}</dl>
      )}
      {card.quotes.length > 0 && (
        <>
          <h4>{t("card.quotes")}</h4>
          {card.quotes.map(({ sequence, text }) => <blockquote key={sequence} lang={card.languages.customer ?? undefined}>{text}</blockquote>)}
        </>
      )}
    </Part>
  );
}

function MoodView({ mood }: { readonly mood: NonNullable<Card["mood"]> }) {
  return (
    <Part title={t("card.mood")}>
      <p><EmotionChip label={mood.leading} words={word("emotions", mood.leading)} />{mood.leading === "neutral" && word("emotions", "neutral")}</p>
      <ol class="mood-line" aria-label={t("card.mood_line")}>
        {mood.line.map(({ sequence, leading, strength }) => {
          const percent = Math.round(strength * 100);
          const told = t("card.point", { sequence, emotion: word("emotions", leading), percent });
          return (
            <li key={sequence} title={told}>
              <span class={`mood-bar ${leading}`} style={{ height: `${Math.max(8, percent)}%` }} aria-hidden="true" />
              <span class="hidden">{told}</span>
            </li>
          );
        })}
      </ol>
      {mood.moved_by.length > 0 && (
        <>
          <h4>{t("card.mood_moved")}</h4>
          {mood.moved_by.map(({ sequence, text, emotion }) => (
            <blockquote key={sequence}>{text} <EmotionChip label={emotion} words={word("emotions", emotion)} /></blockquote>
          ))}
        </>
      )}
    </Part>
  );
}

function Tried({ tried }: { readonly tried: Card["tried"] }) {
  return (
    <Part title={t("card.tried")}>
      {!tried.length && <p class="quiet">{t("card.nothing_tried")}</p>}
      <ul class="plain">
        {tried.map(({ response, title, at, helped }) => (
          <li key={response + at}>
            {title}
            {typeof helped === "boolean" && <span class="quiet small"> · {t(helped ? "card.helped" : "card.helped_not")}</span>}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Replies({ card, conversation }: { readonly card: Card; readonly conversation: Conversation }) {
  if (!card.replies.length || conversation.access.value !== "mine") return null;
  const use = (text: string) => {
    conversation.isNoteDraft.value = false;
    conversation.setDraft(text);
    focusSoon(composerOf(conversation.id));
  };
  return (
    <Part title={t("card.replies")}>
      {card.replies.map(({ text, language }) => (
        <div key={text} class="reply">
          <p lang={language} class="typed">{text}</p>
          <button type="button" class="button" onClick={() => use(text)}>{t("card.use_reply")}</button>
        </div>
      ))}
    </Part>
  );
}

/** What fits the customer; greyed where it is not for suggesting, with the reason. */
function Recommended({ card, conversation }: { readonly card: Card; readonly conversation: Conversation }) {
  const advice = card.recommendations;
  if (!advice) return null;
  const { products, withheld } = advice;
  const mayUse = withheld === null && conversation.access.value === "mine";
  const insert = (name: string) => {
    const draft = conversation.draft.value.trimEnd();
    conversation.isNoteDraft.value = false;
    conversation.setDraft(draft ? `${draft} ${name}` : name);
    focusSoon(composerOf(conversation.id));
  };
  return (
    <Part title={t("card.recommended")}>
      {withheld !== null && <p class="quiet">{word("withheld", withheld)}</p>}
      <ul class={`plain advised ${withheld === null ? "" : "greyed"}`}>
        {products.map(({ sku, name, said, price, reason, url }) => (
          <li key={sku}>
            <p><ProductName name={name} url={url} /> <span class="nowrap">{amount(price)}</span><span class="quiet small card-why">{reason}</span></p>
            {mayUse && <button type="button" class="button" aria-label={t("card.insert_product_of", { name })} onClick={() => insert(said)}>{t("card.insert_product")}</button>}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Who({ customer }: { readonly customer: Customer }) {
  const lines = [
    customer.name,
    customer.band && word("bands", customer.band),
    customer.since && t("card.since", { date: dateOf(customer.since) }),
    customer.lifetime_total && t("card.spent", { amount: amount(customer.lifetime_total) }),
    customer.loyalty_points !== null && t("card.points", { count: customer.loyalty_points }),
    customer.external_id && t("card.customer_no", { number: customer.external_id }),
    customer.level && word("levels", customer.level),
    customer.lapsed && t("card.lapsed"),
  ].filter(Boolean);
  return (
    <>
      <ul class="plain">{lines.map((line) => <li key={String(line)}>{line}</li>)}</ul>
      {customer.open_cases.length > 0 && (
        <>
          <h4>{t("card.cases")}</h4>
          <ul class="plain">
            {customer.open_cases.map((each) => (
              <li key={each.number}>
                {word("cases", each.kind)} {each.number}
                {each.promised_by && <span class="quiet small"> · {t("card.case_due", { date: dateOf(each.promised_by) })}</span>}
                {each.overdue && <span class="late"> · {t("card.overdue")}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      <Consents consents={customer.consents} />
    </>
  );
}

function Consents({ consents }: { readonly consents: Readonly<Record<string, unknown>> }) {
  const entries = Object.entries(consents);
  if (!entries.length) return null;
  return (
    <>
      <h4>{t("card.consents")}</h4>
      <dl class="facts">
        {entries.map(([purpose, granted]) => (
          <div key={purpose}><dt>{word("consents", purpose)}</dt><dd>{t(granted === true ? "card.granted" : "card.refused")}</dd></div>
        ))}
      </dl>
    </>
  );
}

function History({ card }: { readonly card: Card }) {
  const { history, languages } = card;
  if (!history) return null;
  const count = history.earlier_conversations;
  return (
    <Part title={t("card.history")}>
      <p>
        {count ? counted("card.earlier", count) : t("card.earlier_none")}
        {history.last_at && <span class="quiet"> · {t("card.last_at", { date: dateOf(history.last_at) })}</span>}
      </p>
      {history.repeat_within_h !== null && <p class="late">{t("card.repeat", { hours: history.repeat_within_h })}</p>}
      {languages.customer && languages.agent && languages.customer !== languages.agent && (
        <p>{t("card.languages", { customer: languageName(languages.customer), agent: languageName(languages.agent) })}</p>
      )}
    </Part>
  );
}

function today(): Date {
  return new Date(now.peek());
}
