/** Draws attention: a soft sound, and a notification of the system when nobody is looking at the page. */

import { signal } from "@preact/signals";
import { sound } from "./settings";

const NOTES_HZ = { offer: [659, 880], message: [587] } as const;
const NOTE_S = 0.16;

let audio: AudioContext | null = null;

export type Permission = "default" | "granted" | "denied" | "unsupported";

export const permission = signal<Permission>("Notification" in globalThis ? Notification.permission : "unsupported");

/** Ask whether notifications may be shown; only ever when somebody pressed a button for it. */
export async function askForNotifications(): Promise<void> {
  if (permission.value === "default") permission.value = await Notification.requestPermission();
}

/** A short, soft tone or two; silent when switched off or before anybody touched the page. */
export function play(kind: keyof typeof NOTES_HZ): void {
  if (!sound.value) return;
  audio ??= new AudioContext();
  const start = audio.currentTime;
  NOTES_HZ[kind].forEach((frequency, index) => note(audio as AudioContext, frequency, start + index * NOTE_S));
}

/** A notification without a customer's words: screens are seen by others. Pressing it brings the page to the front. */
export function showNotification(title: string, tag: string, pressed: () => void): void {
  if (permission.value !== "granted" || document.hasFocus()) return;
  try {
    const shown = new Notification(title, { tag });
    shown.onclick = () => {
      window.focus();
      pressed();
      shown.close();
    };
  } catch {
    permission.value = "unsupported"; // some phones allow notifications to service workers only
  }
}

function note(context: AudioContext, frequency: number, at: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.18, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_S * 2);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + NOTE_S * 2);
}
