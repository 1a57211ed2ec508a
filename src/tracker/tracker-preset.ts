/** A preset as the tracker shows it. */
export interface TrackerPreset {
  readonly id: string;
  readonly title: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Where results of a server stand that was running already and whose preset could not be confirmed. */
export const serverSettings = "server's own settings";
