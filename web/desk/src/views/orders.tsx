/** A customer's orders, and what may be done with them: the service decides by the same table as in its own talks. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { RefusedError } from "../api";
import type { Conversation } from "../conversation";
import { amount, dateOf } from "../formats";
import type { Order } from "../protocol";
import { openWindow, type Window } from "../ui";
import { t, word } from "../words";
import { useParts } from "./context";
import { Dialog, Failed, Loading } from "./parts";

export function OrdersView({ conversation }: { readonly conversation: Conversation }) {
  const orders = conversation.orders.value;
  if (orders === "failed") return <Failed again={() => void conversation.loadOrders()} />;
  if (!orders) return <Loading />;
  if (!orders.length) return <p class="quiet">{t("orders.none")}</p>;
  return <>{orders.map((order) => <OrderView key={order.number} order={order} conversation={conversation} />)}</>;
}

function OrderView({ order, conversation }: { readonly order: Order; readonly conversation: Conversation }) {
  const isMine = conversation.access.value === "mine";
  return (
    <section class="part order" aria-label={order.number}>
      <h3>{order.number} <span class="chip">{word("order_status", order.status)}</span></h3>
      <p class="quiet small">{t("orders.placed", { date: dateOf(order.placed_at) })} · {amount(order.total)}</p>
      <ul class="plain" aria-label={t("orders.lines")}>
        {order.lines.map((line) => <li key={line.name}>{line.quantity} × {line.name} <span class="quiet">{amount(line.price)}</span></li>)}
      </ul>
      {isMine && (
        <div class="order-actions">
          {order.may.filter(({ allowed }) => allowed).map(({ action }) => (
            <button key={action} type="button" class="button" onClick={() => { openWindow.value = { kind: "order", conversation, number: order.number, action }; }}>
              {word("orders", action)}<span class="hidden"> {order.number}</span>
            </button>
          ))}
        </div>
      )}
      <ul class="plain quiet small">
        {order.may.filter(({ allowed }) => !allowed).map(({ action, reason, text: told }) => (
          <li key={action}>{word("orders", action)}: {told ?? (reason ? word("refusals", reason) : t("orders.refused"))}</li>
        ))}
      </ul>
    </section>
  );
}

type OrderWindow = Extract<Window, { kind: "order" }>;

/** What would happen, a yes, and what happened. The yes carries one id through every try: it is done once. */
export function OrderDialog({ conversation, number, action }: OrderWindow) {
  const { api } = useParts();
  const stage = useSignal<"asking" | "offered" | "busy" | "done" | "refused">("asking");
  const text = useSignal("");
  const id = useRef(crypto.randomUUID());
  const offerId = useRef<string | null>(null);
  const close = () => {
    openWindow.value = null;
  };
  const ask = async (body: object) => {
    try {
      const answer = await api.orderAction(conversation.id, number, action, body);
      text.value = answer.offer?.text ?? answer.text ?? "";
      offerId.current = answer.offer?.offer_id ?? offerId.current;
      stage.value = answer.done ? "done" : "offered";
    } catch (error) {
      text.value = refusal(error);
      stage.value = error instanceof RefusedError ? "refused" : "offered";
    }
    if (stage.value !== "offered") void conversation.loadOrders();
  };
  useEffect(() => void ask({ confirm: false }), []);
  const confirm = () => {
    if (stage.value !== "offered") return;
    stage.value = "busy";
    void ask({ confirm: true, client_action_id: id.current, offer_id: offerId.current });
  };
  const isOpen = stage.value === "offered" || stage.value === "busy";
  return (
    <Dialog title={t(stage.value === "done" ? "orders.done" : "orders.confirm_title")} onClose={close}>
      <p class="quiet">{t("orders.of", { action: word("orders", action), number })}</p>
      <p role="status" class="typed">{stage.value === "asking" ? t("orders.asking") : text.value}</p>
      <div class="dialog-actions">
        <button type="button" class="button" onClick={close}>{t(isOpen ? "general.cancel" : "general.close")}</button>
        {isOpen && <button type="button" class="button primary" aria-disabled={stage.value === "busy"} onClick={confirm}>{t(stage.value === "busy" ? "orders.busy" : "orders.confirm")}</button>}
      </div>
    </Dialog>
  );
}

function refusal(error: unknown): string {
  if (!(error instanceof RefusedError)) return t("orders.unsure");
  const { text, reason } = error.facts;
  if (typeof text === "string" && text) return text;
  return typeof reason === "string" ? t("orders.not_allowed", { reason: word("refusals", reason) }) : t(`errors.${error.code}`);
}
