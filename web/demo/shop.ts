/** The demo shop page: its two languages, and logging in as one of the demo customers as a real shop's server would. */

import { offerBasket } from "./basket";
import { offerMailbox } from "./mailbox";
import { offerShelf } from "./shelf";
import { Signals } from "./signals";
import texts from "./texts.json";

type Language = "nl" | "en";
type TextName = keyof typeof texts;

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

const language: Language = chooseLanguage();
/** Who is logged in; the shop's server would know. */
let known: DemoCustomer | null = null;
const signals = new Signals(async () => known && fetchToken(known));
document.documentElement.lang = language;
fillTexts();
void offerCustomers();
void offerMailbox(language);
void offerShelf(language, signals);
offerBasket(language, (sku, quantity) => signals.note({ kind: "basket", sku, quantity }));

function chooseLanguage(): Language {
  const wanted = new URLSearchParams(location.search).get("lang") ?? navigator.language;
  return wanted.toLowerCase().startsWith("nl") ? "nl" : "en";
}

function fillTexts(): void {
  document.title = texts.page_title[language];
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]")) {
    place.textContent = texts[place.dataset.text as TextName][language];
  }
  for (const place of document.querySelectorAll<HTMLElement>("[data-label]")) {
    place.setAttribute("aria-label", texts[place.dataset.label as TextName][language]);
  }
  find(`.languages [lang=${language}]`).setAttribute("aria-current", "true");
}

/** Only the demo service has customers to lend; elsewhere that part of the page stays hidden. */
async function offerCustomers(): Promise<void> {
  const customers = await fetchCustomers();
  find(".known").hidden = customers.length === 0;
  find(".customers").replaceChildren(...customers.map(customerCard));
  const orders = customers.filter((customer) => customer.order_number).slice(0, SHOWN_ORDERS);
  find(".strangers").hidden = orders.length === 0;
  find(".orders").replaceChildren(...orders.map(orderRow));
  find(".logout").addEventListener("click", logOut);
  const before = customers.find((customer) => customer.external_id === sessionStorage.getItem(LOGIN));
  if (before) await logIn(before);
}

async function fetchCustomers(): Promise<readonly DemoCustomer[]> {
  try {
    const response = await fetch("/demo/customers");
    return response.ok ? ((await response.json()) as DemoCustomer[]) : [];
  } catch {
    return [];
  }
}

function customerCard(customer: DemoCustomer): HTMLElement {
  const card = document.createElement("li");
  const name = document.createElement("strong");
  name.textContent = customer.name;
  const about = document.createElement("span");
  about.textContent = customer.description[language];
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = texts.login[language];
  button.setAttribute("aria-label", `${texts.login[language]}: ${customer.name}`);
  button.addEventListener("click", () => void logIn(customer));
  card.append(name, about, button);
  return card;
}

function orderRow(customer: DemoCustomer): HTMLElement {
  const row = document.createElement("tr");
  for (const text of [customer.order_number, customer.email, customer.postcode]) {
    const cell = document.createElement("td");
    cell.textContent = text ?? "";
    row.append(cell);
  }
  return row;
}

/** The widget asks for a token whenever it needs a fresh one. */
async function logIn(customer: DemoCustomer): Promise<void> {
  const problem = find(".login-problem");
  problem.hidden = true;
  try {
    await fetchToken(customer);
  } catch {
    problem.hidden = false;
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
  find(".who").textContent = customer ? texts.logged_in[language].replace("{name}", customer.name) : "";
}

function withWidget(use: (widget: NonNullable<Window["Balie"]>) => void): void {
  if (window.Balie) use(window.Balie);
  else document.addEventListener("balie:ready", () => window.Balie && use(window.Balie), { once: true });
}

function find(selector: string): HTMLElement {
  return document.querySelector(selector) as HTMLElement;
}
