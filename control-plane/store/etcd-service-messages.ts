/** The few messages of etcd's Lease and Maintenance services that are sent while nothing else happens, or at every start. Pure. */
import { WireReader } from "#proto/kit/rpc/wire-reader.ts";
import { WireWriter } from "#proto/kit/rpc/wire-writer.ts";

export const leaseGrantPath = "/etcdserverpb.Lease/LeaseGrant";
export const leaseRevokePath = "/etcdserverpb.Lease/LeaseRevoke";
/** A stream of both sides; one question and its answer are one too. */
export const leaseKeepAlivePath = "/etcdserverpb.Lease/LeaseKeepAlive";
export const alarmPath = "/etcdserverpb.Maintenance/Alarm";

export function leaseGrantRequest(ttlSeconds: number): Buffer {
  const writer = new WireWriter(32);
  writer.number(1, ttlSeconds);
  return writer.finishFramed();
}

/** Of LeaseRevoke and LeaseKeepAlive alike. */
export function leaseRequest(lease: string): Buffer {
  const writer = new WireWriter(32);
  writer.decimal(1, lease);
  return writer.finishFramed();
}

export interface LeaseAnswer {
  readonly lease: string;
  /** 0 or less: there is no such lease. */
  readonly ttlSeconds: number;
}

/** Of LeaseGrant and LeaseKeepAlive alike. */
export function leaseAnswer(bytes: Buffer): LeaseAnswer {
  let [lease, ttlSeconds] = ["0", 0];
  const reader = new WireReader(bytes);
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 2) lease = reader.decimal();
    else if (field === 3) ttlSeconds = reader.number();
    else reader.skip();
  }
  return { lease, ttlSeconds };
}

export interface AlarmOfMember {
  readonly memberID: string;
  readonly isSpace: boolean;
}

/** Asks for all alarms: everything is left at its default. */
export const alarmRequest = (): Buffer => new WireWriter(16).finishFramed();

export function alarmAnswer(bytes: Buffer): readonly AlarmOfMember[] {
  const alarms: AlarmOfMember[] = [];
  const reader = new WireReader(bytes);
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 2) alarms.push(alarm(reader.message()));
    else reader.skip();
  }
  return alarms;
}

/** etcdserverpb.AlarmType: 1 = NOSPACE. */
function alarm(reader: WireReader): AlarmOfMember {
  let [memberID, kind] = ["0", 0];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) memberID = reader.decimal();
    else if (field === 2) kind = reader.number();
    else reader.skip();
  }
  return { memberID: BigInt.asUintN(64, BigInt(memberID)).toString(), isSpace: kind === 1 };
}
