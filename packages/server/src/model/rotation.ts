/** What a rotation of the master key did. */
export interface Rotation {
  /** The version that seals now. */
  version: number;
  /** true: it ended one that had been interrupted. */
  resumed: boolean;
  /** Values sealed anew, by place. */
  resealed: { place: string; values: number }[];
  /** Values that were opened again afterwards. */
  verified: number;
  /** Versions that were destroyed. */
  retired: number[];
  /** What is left for the operator to do; null: nothing. */
  left: string | null;
}
