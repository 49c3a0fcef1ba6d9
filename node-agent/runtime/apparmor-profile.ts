/** The AppArmor profile `RuntimeDefault`: what seccomp and capabilities leave open of the node's settings is closed by path. */

export const defaultProfileName = "orch-default";

/**
 * Everything by default, as other layers decide that; no mounting; no writing to the kernel's settings in /proc and /sys; signals and
 * tracing stay among containers, but for who supervises them.
 */
export const defaultAppArmorProfile = `#include <tunables/global>

profile ${defaultProfileName} flags=(attach_disconnected,mediate_deleted) {
  #include <abstractions/base>

  network,
  capability,
  file,
  umount,

  signal (receive) peer=unconfined,
  signal (send,receive) peer=${defaultProfileName},
  ptrace (trace,read,tracedby,readby) peer=${defaultProfileName},

  deny network alg,
  deny mount,

  deny @{PROC}/* w,
  deny @{PROC}/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9]*}/** w,
  deny @{PROC}/sys/[^k]** w,
  deny @{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w,
  deny @{PROC}/sysrq-trigger rwklx,
  deny @{PROC}/kcore rwklx,

  deny /sys/[^f]*/** wklx,
  deny /sys/f[^s]*/** wklx,
  deny /sys/fs/[^c]*/** wklx,
  deny /sys/fs/c[^g]*/** wklx,
  deny /sys/fs/cg[^r]*/** wklx,
  deny /sys/firmware/** rwklx,
  deny /sys/devices/virtual/powercap/** rwklx,
  deny /sys/kernel/security/** rwklx,
}
`;
