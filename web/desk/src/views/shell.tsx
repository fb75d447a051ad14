/** The frame around every page: the bar, the notices, the windows. */

import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { fragmentOf, type Page, route } from "../route";
import { openWindow } from "../ui";
import { t } from "../words";
import { useParts } from "./context";
import { DonePage, PromisedPage, SnoozedPage } from "./lists";
import { Notices } from "./notices";
import { Panel } from "./panel";
import { Failed, Icon, IconButton, Loading } from "./parts";
import { Lists } from "./queue";
import { SettingsPage } from "./settings";
import { TeamPage } from "./team";
import { Windows } from "./windows";
import { frontOf, Workspace } from "./workspace";


export function Shell() {
  const { desk } = useParts();
  return (
    <div class="shell">
      <a class="skip" href="#main" onClick={skip}>{t("general.skip")}</a>
      <Bar />
      {desk.connection.value === "broken" && <p class="banner connection" role="status">{t("general.broken")}</p>}
      <main id="main" tabIndex={-1}><CurrentPage /></main>
      <Notices />
      <Windows />
    </div>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function CurrentPage() {
  const { desk } = useParts();
  const { value } = route;
  switch (value.page) {
    case "promised":
      return <PromisedPage />;
    case "snoozed":
      return <SnoozedPage />;
    case "done":
      return <DonePage />;
    case "settings":
      return <SettingsPage />;
    case "team":
      return desk.isLead ? <TeamPage /> : <DeskPage />;
    case "overview":
      return desk.may("see_figures") ? <Later key="overview" load={loadOverview} /> : <DeskPage />;
    case "recommendations":
      return desk.may("see_figures") ? <Later key="recommendations" load={loadOutcomes} /> : <DeskPage />;
    default:
      return <DeskPage />;
  }
}

const loadOverview = () => import("../overview/page").then(({ OverviewPage }): ComponentType => OverviewPage);
const loadOutcomes = () => import("../outcomes/page").then(({ OutcomesPage }): ComponentType => OutcomesPage);

/** The figures bring a chart library along: fetched when somebody asks for them. */
function Later({ load: fetchPage }: { readonly load: () => Promise<ComponentType> }) {
  const page = useSignal<ComponentType | "failed" | null>(null);
  const load = () => {
    fetchPage().then((found) => { page.value = found; }, () => { page.value = "failed"; });
  };
  useEffect(load, []);
  if (page.value === "failed") return <div class="page"><Failed again={load} /></div>;
  const Page = page.value;
  return Page ? <Page /> : <div class="page"><Loading /></div>;
}

function DeskPage() {
  const { desk } = useParts();
  const { value } = route;
  const front = value.page === "desk" ? frontOf(value.conversation, value.pane) : "lists";
  const current = desk.current.value;
  return (
    <div class={`desk-page front-${front} ${current ? "has-panel" : ""}`}>
      <h1 class="hidden">{t("general.desk")}</h1>
      <Lists />
      <Workspace />
      {current && <Panel key={current.id} conversation={current} />}
    </div>
  );
}

function Bar() {
  const isMenuOpen = useSignal(false);
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    isMenuOpen.value = false;
  }, [route.value]);
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isMenuOpen.value) return;
    isMenuOpen.value = false;
    bar.current?.querySelector<HTMLElement>(".menu-button")?.focus();
  };
  return (
    <header ref={bar} class={`bar ${isMenuOpen.value ? "menu-open" : ""}`} onKeyDown={keyDown}>
      <button type="button" class="icon-button menu-button" aria-expanded={isMenuOpen.value} aria-controls="pages" aria-label={t("general.menu")} onClick={() => { isMenuOpen.value = !isMenuOpen.value; }}>
        <Icon name="menu" />
      </button>
      <a class="brand" href="#/"><span class="brand-mark" aria-hidden="true">B</span>{t("general.brand")}</a>
      <Pages />
      <PresenceSwitch />
      <IconButton icon="keys" class="help-button" name={t("general.keys")} onClick={() => { openWindow.value = { kind: "help" }; }} />
    </header>
  );
}

function Pages() {
  const { desk } = useParts();
  const pages: readonly (Page | "desk")[] = ["desk", "promised", "snoozed", "done", ...(desk.isLead ? (["team"] as const) : []), ...(desk.may("see_figures") ? (["overview", "recommendations"] as const) : []), "settings"];
  return (
    <nav id="pages" class="pages" aria-label={t("general.pages")}>
      {pages.map((page) => (
        <a key={page} href={page === "desk" ? "#/" : fragmentOf({ page })} aria-current={route.value.page === page ? "page" : undefined}>
          {t(`general.${page}`)}
          {page === "desk" && desk.waiting.value > 0 && <span class="badge">{desk.waiting.value}</span>}
          {page === "snoozed" && desk.snoozed.value.length > 0 && <span class="badge calm">{desk.snoozed.value.length}</span>}
        </a>
      ))}
    </nav>
  );
}

function PresenceSwitch() {
  const { desk } = useParts();
  const me = desk.me.value;
  const isOnline = me?.presence === "online";
  return (
    <button type="button" class="presence" role="switch" aria-checked={isOnline} aria-label={t("presence.online")} onClick={() => void desk.setPresence(isOnline ? "away" : "online")}>
      <span class={`dot ${me?.presence ?? "offline"}`} aria-hidden="true" />
      <span class="presence-name">{me?.display_name}</span>
      <span class="presence-word">{t(`presence.${me?.presence ?? "offline"}`)}</span>
    </button>
  );
}
