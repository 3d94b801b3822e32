/** Receives the events of a supervised process. */
export interface ProcessObserver {
  onStarted(name: string, pid: number): void;
  onEnded(name: string): void;
  /** Reports to the user that a process exited, is running again, or stays down. */
  onNotice(text: string): void;
}
