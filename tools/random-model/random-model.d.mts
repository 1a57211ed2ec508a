export interface ModelShape {
  readonly seed: number;
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly hidden: number;
  readonly contextLength: number;
}
export declare const defaultShape: ModelShape;
export declare function makeRandomModel(shape?: ModelShape): Buffer;
