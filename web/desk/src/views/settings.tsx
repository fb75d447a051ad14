/** How an agent likes the desk, their password, and where they are signed in. */

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { askForNotifications, permission, play } from "../alerts";
import { now } from "../clock";
import { languageName, momentOf } from "../formats";
import type { Device } from "../protocol";
import { setSingleKeys, setSound, singleKeys, sound } from "../settings";
import { t } from "../words";
import { useParts } from "./context";
import { LanguageSwitch } from "./language_switch";

export function SettingsPage() {
  const { desk } = useParts();
  const me = desk.me.value;
  return (
    <div class="page settings">
      <h1>{t("settings.title")}</h1>
      <section class="part">
        <h2>{t("settings.about_you")}</h2>
        <p><strong>{me?.name}</strong> <span class="quiet">{me?.email}</span></p>
        <dl class="facts">
          <div><dt>{t("settings.role")}</dt><dd>{me && t(`settings.${me.role}`)}</dd></div>
          <div><dt>{t("settings.speaks")}</dt><dd>{me?.languages.map(languageName).join(", ")}</dd></div>
          <div><dt>{t("settings.capacity")}</dt><dd>{me?.capacity}</dd></div>
        </dl>
        <button type="button" class="button" onClick={() => void desk.signOut()}>{t("general.sign_out")}</button>
      </section>
      <section class="part">
        <h2>{t("settings.look")}</h2>
        <LanguageSwitch />
        <Switch isOn={sound.value} set={setSound}>{t("settings.sound")}</Switch>
        {sound.value && <button type="button" class="button" onClick={() => play("offer")}>{t("settings.try_sound")}</button>}
        <Notifications />
        <Switch isOn={singleKeys.value} set={setSingleKeys}>{t("settings.keys")}</Switch>
      </section>
      <Password />
      <Devices />
    </div>
  );
}

function Switch({ isOn, set, children }: { readonly isOn: boolean; readonly set: (on: boolean) => void; readonly children: ComponentChildren }) {
  return (
    <label class="choice">
      <input type="checkbox" role="switch" checked={isOn} onChange={(event) => set(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}

function Notifications() {
  if (permission.value === "default") {
    return <button type="button" class="button" onClick={() => void askForNotifications()}>{t("settings.allow")}</button>;
  }
  const words = { granted: "allowed", denied: "denied", unsupported: "unsupported" } as const;
  return <p class="quiet">{t(`settings.${words[permission.value]}`)}</p>;
}

function Password() {
  const { api, desk } = useParts();
  const form = useRef<HTMLFormElement>(null);
  const problem = useSignal("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (!form.current) return;
    const given = new FormData(form.current);
    const [old, fresh, again] = ["old", "new", "again"].map((name) => String(given.get(name) ?? ""));
    problem.value = fresh === again ? "" : t("settings.differ");
    if (problem.value) return;
    try {
      await api.setPassword(old ?? "", fresh ?? "");
      form.current.reset();
      desk.notices.tell("settings.changed");
    } catch (error) {
      desk.notices.report(error);
    }
  };
  return (
    <section class="part">
      <h2>{t("settings.password")}</h2>
      <form ref={form} onSubmit={submit}>
        <input type="email" name="email" autocomplete="username" value={desk.me.value?.email ?? ""} hidden readOnly />
        {(["old", "new", "again"] as const).map((name) => (
          <label key={name} class="field">
            <span>{t(`settings.${name}`)}</span>
            <input type="password" name={name} required maxLength={200} autocomplete={name === "old" ? "current-password" : "new-password"} />
          </label>
        ))}
        <p class="problem" role="alert">{problem.value}</p>
        <button type="submit" class="button primary">{t("settings.change")}</button>
      </form>
    </section>
  );
}

function Devices() {
  const { api, desk } = useParts();
  const devices = useSignal<readonly Device[]>([]);
  const load = () => api.listDevices().then((found) => { devices.value = found; }, () => undefined);
  useEffect(() => void load(), []);
  const signOut = async (device: Device) => {
    if (device.current) return desk.signOut();
    await api.signOutDevice(device.id).catch((error: unknown) => desk.notices.report(error));
    await load();
  };
  return (
    <section class="part">
      <h2>{t("settings.devices")}</h2>
      <ul class="cards">
        {devices.value.map((device) => {
          const name = device.device || t("settings.unknown_device");
          return (
            <li key={device.id} class="card line-card">
              <div class="line-text">
                <p><strong>{name}</strong>{device.current && <span class="chip">{t("settings.this_device")}</span>}</p>
                <p class="quiet small">{t("settings.seen", { time: momentOf(device.last_seen_at, new Date(now.peek())) })}</p>
              </div>
              <button type="button" class="button" onClick={() => void signOut(device)}>{t("settings.sign_out_device")}<span class="hidden"> {name}</span></button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
