/** The page before the desk. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type DemoAgents, RefusedError } from "../api";
import { lasting } from "../formats";
import { t } from "../words";
import { useParts } from "./context";
import { LanguageSwitch } from "./language_switch";

export function SignIn() {
  const { desk } = useParts();
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const isBusy = useSignal(false);
  const problem = useSignal("");
  useEffect(() => {
    document.title = t("general.brand");
    email.current?.focus();
  }, []);

  const submit = (event: Event) => {
    event.preventDefault();
    void enter(email.current?.value.trim() ?? "", password.current?.value ?? "");
  };
  const enter = async (address: string, secret: string) => {
    if (isBusy.value) return;
    isBusy.value = true;
    problem.value = "";
    try {
      await desk.signIn(address, secret);
    } catch (error) {
      problem.value = wordsFor(error);
      password.current?.select();
      password.current?.focus();
    } finally {
      isBusy.value = false;
    }
  };

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={submit} aria-labelledby="sign-in-title">
        <p class="brand"><span class="brand-mark" aria-hidden="true">B</span>{t("general.brand")}</p>
        <h1 id="sign-in-title">{t("sign_in.title")}</h1>
        <p class="quiet">{t("sign_in.lead")}</p>
        {desk.hasExpired.value && <p class="banner" role="status">{t("sign_in.expired")}</p>}
        <label class="field">
          <span>{t("sign_in.email")}</span>
          <input ref={email} type="email" name="email" autocomplete="username" required maxLength={254} />
        </label>
        <label class="field">
          <span>{t("sign_in.password")}</span>
          <input ref={password} type="password" name="password" autocomplete="current-password" required maxLength={200} />
        </label>
        <p class="problem" role="alert">{problem.value}</p>
        <button type="submit" class="button primary wide" aria-disabled={isBusy.value}>
          {t(isBusy.value ? "sign_in.busy" : "sign_in.submit")}
        </button>
        <LanguageSwitch />
        <DemoAgentList use={(address, secret) => void enter(address, secret)} />
      </form>
    </main>
  );
}

/** In the demo shop everybody may be anybody. */
function DemoAgentList({ use }: { readonly use: (email: string, password: string) => void }) {
  const { api } = useParts();
  const demo = useSignal<DemoAgents | null>(null);
  useEffect(() => {
    void api.listDemoAgents().then((found) => { demo.value = found; });
  }, []);
  const found = demo.value;
  if (!found?.agents.length) return null;
  return (
    <section class="demo-agents" aria-labelledby="demo-title">
      <h2 id="demo-title">{t("demo.title")}</h2>
      {found.agents.map(({ email, name, role }) => (
        <button key={email} type="button" class="button" onClick={() => use(email, found.password)}>{name} <span class="quiet small">{t(`settings.${role}`)}</span></button>
      ))}
    </section>
  );
}

function wordsFor(error: unknown): string {
  if (!(error instanceof RefusedError)) return t("sign_in.unreachable");
  if (error.status === 429) {
    const seconds = Number(error.facts.retry_after_s ?? 60);
    return t("sign_in.too_many", { wait: lasting(Math.max(60, seconds) * 1000) });
  }
  return t("sign_in.refused");
}
