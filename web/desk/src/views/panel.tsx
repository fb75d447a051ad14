/** Beside a conversation: everything about its customer, and their orders. */

import { useEffect } from "preact/hooks";
import type { Conversation } from "../conversation";
import { fragmentOf } from "../route";
import { panelTab } from "../ui";
import { t } from "../words";
import { CardView } from "./card";
import { customerName } from "./queue";
import { OrdersView } from "./orders";

const TABS = ["card", "orders"] as const;

export function Panel({ conversation }: { readonly conversation: Conversation }) {
  const tab = panelTab.value;
  useEffect(() => {
    if (!conversation.card.value) void conversation.loadCard();
    if (tab === "orders" && !conversation.orders.value) void conversation.loadOrders();
  }, [conversation, tab]);
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    panelTab.value = tab === "card" ? "orders" : "card";
    document.getElementById(`panel-tab-${panelTab.value}`)?.focus();
  };
  return (
    <aside class="panel" aria-labelledby="panel-title">
      <header class="panel-head">
        <a class="icon-button only-panelless" href={fragmentOf({ page: "desk", conversation: conversation.id, pane: "thread" })} aria-label={t("general.back")}>
          <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M15 5l-7 7 7 7" /></svg>
        </a>
        <h2 id="panel-title">{customerName(conversation.item.value)}</h2>
      </header>
      <div class="panel-tabs" role="tablist" aria-label={t("card.title")} onKeyDown={keyDown}>
        {TABS.map((each) => (
          <button key={each} id={`panel-tab-${each}`} type="button" role="tab" class="panel-tab" aria-selected={tab === each}
            aria-controls="panel-body" tabIndex={tab === each ? 0 : -1} onClick={() => { panelTab.value = each; }}>
            {t(`card.tab_${each}`)}
          </button>
        ))}
      </div>
      <div id="panel-body" class="panel-body" role="tabpanel" aria-labelledby={`panel-tab-${tab}`} tabIndex={0}>
        {tab === "card" ? <CardView conversation={conversation} /> : <OrdersView conversation={conversation} />}
      </div>
    </aside>
  );
}
