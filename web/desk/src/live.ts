/** Keeps the live connection: says what is watched, hears what happens, comes back after a pause that grows. */

import { pauseAfter } from "../../widget/src/backoff";
import { type LiveEvent, parseEvent, SESSION_OVER } from "./protocol";

const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 10_000;

/** The part of a web socket that is used. */
export type Socket = Pick<WebSocket, "send" | "close" | "onopen" | "onclose" | "onmessage">;

export type Connection = "connecting" | "live" | "broken";

/** What the connection needs from the desk. */
export interface LivePorts {
  openSocket(): Socket;
  /** Conversations that are looked at, each with the number up to which nothing is missing. */
  watched(): Readonly<Record<string, number>>;
  receive(event: LiveEvent): void;
  changed(connection: Connection): void;
  /** The session is not known any more. */
  sessionOver(): void;
}

export class Live {
  private socket: Socket | null = null;
  private isOpen = false;
  private isRunning = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ports: LivePorts) {}

  /** Connect and stay connected. */
  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.failures = 0;
    this.connect();
  }

  stop(): void {
    this.isRunning = false;
    this.drop();
  }

  /** Try now instead of after the pause: the network is back, or somebody is looking. */
  wake(): void {
    if (!this.isRunning || this.socket) return;
    this.failures = 0;
    this.connect();
  }

  /** Say anew what is watched. */
  watch(): void {
    this.send({ type: "watch", conversations: this.ports.watched() });
  }

  typing(conversationId: string, active: boolean): void {
    this.send({ type: "typing", conversation_id: conversationId, active });
  }

  private send(message: object): void {
    if (this.isOpen) this.socket?.send(JSON.stringify(message));
  }

  private connect(): void {
    this.drop();
    this.ports.changed(this.failures ? "broken" : "connecting");
    const socket = this.ports.openSocket();
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = ({ data }: MessageEvent) => this.receive(socket, data);
    socket.onclose = ({ code }: CloseEvent) => this.closed(socket, code);
  }

  private opened(socket: Socket): void {
    if (socket !== this.socket) return;
    this.isOpen = true;
    this.keepAlive();
    this.watch();
    this.ports.changed("live");
  }

  private receive(socket: Socket, frame: unknown): void {
    if (socket !== this.socket) return;
    this.failures = 0;
    this.keepAlive();
    const event = parseEvent(frame);
    if (event) this.ports.receive(event);
  }

  private closed(socket: Socket, code: number): void {
    if (socket !== this.socket) return;
    if (code !== SESSION_OVER) return this.connectLater();
    this.stop();
    this.ports.sessionOver();
  }

  private connectLater(): void {
    this.drop();
    this.failures += 1;
    this.ports.changed("broken");
    this.timer = setTimeout(() => this.connect(), pauseAfter(this.failures));
  }

  /** A line that says nothing for a while is asked; one that does not answer is dead. */
  private keepAlive(): void {
    clearTimeout(this.pulse);
    this.pulse = setTimeout(() => {
      this.send({ type: "ping" });
      this.pulse = setTimeout(() => this.connectLater(), PONG_WITHIN_MS);
    }, PING_EVERY_MS);
  }

  private drop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.pulse);
    const { socket } = this;
    this.socket = null;
    this.isOpen = false;
    socket?.close();
  }
}
