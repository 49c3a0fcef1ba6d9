/** Taints and tolerations: the rule both the scheduler and eviction read. */
interface TaintLike {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

interface TolerationLike {
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly value?: string | undefined;
  readonly effect?: string | undefined;
}

export function tolerates(toleration: TolerationLike, taint: TaintLike): boolean {
  if (toleration.effect !== undefined && toleration.effect !== "" && toleration.effect !== taint.effect) return false;
  if (toleration.key !== undefined && toleration.key !== "" && toleration.key !== taint.key) return false;
  switch (toleration.operator ?? "Equal") {
    case "Exists":
      return true;
    case "Equal":
    case "":
      return (toleration.key ?? "") !== "" && (toleration.value ?? "") === (taint.value ?? "");
    default:
      return false;
  }
}

export const isTolerated = (tolerations: readonly TolerationLike[], taint: TaintLike): boolean =>
  tolerations.some((toleration) => tolerates(toleration, taint));
