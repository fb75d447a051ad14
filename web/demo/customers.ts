/** Logging in as one of the demo customers, as a real shop's server would know them. Only the demo service has any. */

import { find, h, language, type Language, read, say, withWidget } from "./page";

/** Somebody to be, from `GET /demo/customers`. */
interface DemoCustomer {
  readonly external_id: string;
  readonly name: string;
  readonly description: Readonly<Record<Language, string>>;
  readonly order_number?: string | null;
  readonly email?: string | null;
  readonly postcode?: string | null;
}

/** Stands for the shop's own session cookie; Balie's widget knows nothing of it. */
const LOGIN = "duin-en-dal-login";
const SHOWN_ORDERS = 5;

/** Who is logged in; the shop's server would know. */
let known: DemoCustomer | null = null;

/** The token of who is logged in, or null. */
export async function tokenOfCustomer(): Promise<string | null> {
  return known && fetchToken(known);
}

/** Offers to log in where the page has a place for it; who was logged in stays so. */
export async function offerCustomers(): Promise<void> {
  const customers = (await read<readonly DemoCustomer[]>("/demo/customers")) ?? [];
  if (document.querySelector(".customers")) showCustomers(customers);
  find(".logout").addEventListener("click", logOut);
  const before = customers.find((customer) => customer.external_id === sessionStorage.getItem(LOGIN));
  if (before) await logIn(before);
}

function showCustomers(customers: readonly DemoCustomer[]): void {
  find(".known").hidden = customers.length === 0;
  find(".customers").replaceChildren(...customers.map(customerCard));
  const orders = customers.filter((customer) => customer.order_number).slice(0, SHOWN_ORDERS);
  find(".strangers").hidden = orders.length === 0;
  find(".orders").replaceChildren(...orders.map(orderRow));
}

function customerCard(customer: DemoCustomer): HTMLElement {
  const label = `${say("login")}: ${customer.name}`;
  return h(
    "li",
    {},
    h("strong", {}, customer.name),
    h("span", {}, customer.description[language]),
    h("button", { type: "button", "aria-label": label, click: () => void logIn(customer) }, say("login")),
  );
}

function orderRow({ order_number, email, postcode }: DemoCustomer): HTMLElement {
  return h("tr", {}, ...[order_number, email, postcode].map((text) => h("td", {}, text ?? "")));
}

/** The widget asks for a token whenever it needs a fresh one. */
async function logIn(customer: DemoCustomer): Promise<void> {
  const problem = document.querySelector<HTMLElement>(".login-problem");
  if (problem) problem.hidden = true;
  try {
    await fetchToken(customer);
  } catch {
    if (problem) problem.hidden = false;
    return;
  }
  sessionStorage.setItem(LOGIN, customer.external_id);
  showWho(customer);
  withWidget((widget) => widget.identify(() => fetchToken(customer)));
}

function logOut(): void {
  sessionStorage.removeItem(LOGIN);
  showWho(null);
  withWidget((widget) => widget.identify(null));
}

async function fetchToken({ external_id }: DemoCustomer): Promise<string> {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ external_id });
  const response = await fetch("/demo/customer-token", { method: "POST", headers, body });
  if (!response.ok) throw new Error(`No token: HTTP ${response.status}`);
  return ((await response.json()) as { customer_token: string }).customer_token;
}

function showWho(customer: DemoCustomer | null): void {
  known = customer;
  find(".account").hidden = customer === null;
  find(".who").textContent = customer ? say("logged_in", { name: customer.name }) : "";
}
