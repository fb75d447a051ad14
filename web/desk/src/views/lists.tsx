/** Conversations beside the queue: promised, put aside, done. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ListQuery } from "../api";
import { now } from "../clock";
import { lasting, momentOf } from "../formats";
import type { ConversationItem } from "../protocol";
import { acceptAndWrite, composerOf, focusSoon } from "../ui";
import { t, word } from "../words";
import { useParts } from "./context";
import { EmotionChip, Failed, Loading } from "./parts";
import { customerName } from "./queue";

const REFRESH_MS = 20_000;
const PAUSE_BEFORE_SEARCH_MS = 300;

export function PromisedPage() {
  const { desk } = useParts();
  const list = useList({ view: "promised" });
  const items = [...(list.items ?? [])].sort((one, other) => timeIn(one.promised_at) - timeIn(other.promised_at));
  return (
    <ListPage name="promised" list={list}>
      {items.map((item) => (
        <Line key={item.conversation_id} item={item} action={t("lists.take")} act={() => void acceptAndWrite(desk, item)}>
          <p><strong>{item.wish ? word("lists", `wish_${item.wish}`) : ""}</strong> {item.contact && <span>· {item.contact}</span>}</p>
          {item.promised_at && <p class={timeIn(item.promised_at) < now.value ? "late" : ""}>{promise(item.promised_at)}</p>}
        </Line>
      ))}
    </ListPage>
  );
}

export function SnoozedPage() {
  const { desk } = useParts();
  const list = useList({ view: "snoozed" });
  const wake = async (item: ConversationItem) => {
    if (await desk.wakeSnoozed(item)) focusSoon(composerOf(item.conversation_id));
  };
  return (
    <ListPage name="snoozed" list={list}>
      {list.items?.map((item) => (
        <Line key={item.conversation_id} item={item} action={t("lists.wake")} act={() => void wake(item)}>
          {item.snoozed_until && <p>{t("lists.wakes", { time: momentOf(item.snoozed_until, new Date(now.peek())) })}</p>}
        </Line>
      ))}
    </ListPage>
  );
}

export function DonePage() {
  const { desk } = useParts();
  const typed = useSignal("");
  const sought = useSignal("");
  const list = useList({ view: "resolved", ...(sought.value ? { q: sought.value } : {}) });
  useEffect(() => {
    const timer = setTimeout(() => { sought.value = typed.value.trim(); }, PAUSE_BEFORE_SEARCH_MS);
    return () => clearTimeout(timer);
  }, [typed.value]);
  return (
    <ListPage name="done" list={list} empty={sought.value ? "done_none" : "done_empty"}
      tools={
        <label class="field search">
          <span>{t("lists.search")}</span>
          <input type="search" value={typed.value} onInput={(event) => { typed.value = event.currentTarget.value; }} />
        </label>
      }>
      {list.items?.map((item) => (
        <Line key={item.conversation_id} item={item} action={t("lists.read")} act={() => desk.readAgain(item)}>
          <p>
            {item.code && word("codes", item.code)}
            {item.resolved_at && <span class="quiet"> · {momentOf(item.resolved_at, new Date(now.peek()))}</span>}
            {item.agent && <span class="quiet"> · {item.agent.display_name}</span>}
          </p>
        </Line>
      ))}
    </ListPage>
  );
}

interface List {
  readonly items: readonly ConversationItem[] | null;
  readonly hasFailed: boolean;
  readonly canLoadMore: boolean;
  readonly load: () => Promise<void>;
  readonly loadMore: () => Promise<void>;
}

/** A list that is fetched, and fetched again while it is looked at. */
export function useList(query: ListQuery): List {
  const { api } = useParts();
  const items = useSignal<readonly ConversationItem[] | null>(null);
  const hasFailed = useSignal(false);
  const canLoadMore = useSignal(false);
  const wanted = JSON.stringify(query);
  const latest = useRef(wanted);
  latest.current = wanted;
  const load = async () => {
    try {
      const found = (await api.listConversations(query)).items;
      if (latest.current !== wanted) return;
      items.value = found;
      hasFailed.value = false;
      canLoadMore.value = query.view === "resolved" && found.length > 0;
    } catch {
      hasFailed.value = items.value === null;
    }
  };
  const loadMore = async () => {
    const before = items.value?.at(-1)?.resolved_at;
    if (!before) return;
    const more = (await api.listConversations({ ...query, before }).catch(() => null))?.items ?? [];
    const known = new Set(items.value?.map((each) => each.conversation_id));
    const fresh = more.filter((each) => !known.has(each.conversation_id));
    canLoadMore.value = fresh.length > 0;
    items.value = [...(items.value ?? []), ...fresh];
  };
  useEffect(() => {
    void load();
    if (query.view === "resolved") return undefined;
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [wanted]);
  return { items: items.value, hasFailed: hasFailed.value, canLoadMore: canLoadMore.value, load, loadMore };
}

function ListPage(props: {
  readonly name: "promised" | "snoozed" | "done";
  readonly list: List;
  readonly empty?: string;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const { name, list } = props;
  return (
    <div class="page">
      <h1>{t(`lists.${name}_title`)}</h1>
      {name !== "done" && <p class="quiet">{t(`lists.${name}_lead`)}</p>}
      {props.tools}
      {list.hasFailed && <Failed again={() => void list.load()} />}
      {!list.items && !list.hasFailed && <Loading />}
      {list.items?.length === 0 && <p class="quiet" role="status">{t(`lists.${props.empty ?? `${name}_empty`}`)}</p>}
      <ul class="cards lines">{props.children}</ul>
      {list.canLoadMore && <button type="button" class="button" onClick={() => void list.loadMore()}>{t("lists.more")}</button>}
    </div>
  );
}

function Line(props: {
  readonly item: ConversationItem;
  readonly action: string;
  readonly act: () => void;
  readonly children: ComponentChildren;
}) {
  const { item } = props;
  const name = customerName(item);
  return (
    <li class="card line-card">
      <div class="line-text">
        <p class="card-top"><strong>{name}</strong>{item.mood && <EmotionChip label={item.mood.leading} words={word("emotions", item.mood.leading)} />}</p>
        {props.children}
        <p class="snippet" lang={item.language ?? undefined}>{item.last_text}</p>
      </div>
      <button type="button" class="button primary" onClick={props.act}>{props.action}<span class="hidden"> {name}</span></button>
    </li>
  );
}

function promise(at: string): string {
  const left = timeIn(at) - now.value;
  const by = t("lists.by", { time: momentOf(at, new Date(now.value)) });
  return `${by} · ${t(left < 0 ? "lists.overdue" : "lists.left", { time: lasting(Math.abs(left)) })}`;
}

function timeIn(at: string | null): number {
  return at ? Date.parse(at) : Number.POSITIVE_INFINITY;
}
