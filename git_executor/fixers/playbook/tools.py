# ruff: noqa: SIM905 - tables of words read best as text
"""Names of commands that bootstrap scripts call, and of subcommands of the tools of the trade."""

from __future__ import annotations

# fmt: off
TOOLS = frozenset("""
ansible ansible-playbook ansible-galaxy ansible-vault ansible-inventory apt apt-get apt-cache awk basename base64 bash
blkid brctl bzip2 cat chmod chown cilium cloud-init column comm cp crictl cronjob ctr curl cut date dd df dig dirname dmesg
dnf docker docker-compose dpkg du echo envsubst ethtool exit export fdisk file find findmnt flux free fuser getent git
gpg grep gunzip gzip head helm helmfile hostname hostnamectl htop id ifconfig install ip iperf3 iptables jq journalctl
k3s k3sup k9s kill killall kubeadm kubectl kubectx kubelet kubens kubeseal kustomize ln logger losetup ls lsblk lscpu
lvcreate lvdisplay lvremove lvs make mkdir mkfs mktemp mount mv nc ncat nft nmap node nohup npm nslookup openssl parted
passwd patch pct perl pgrep ping pip pip3 podman pvcreate pvecm pveam pvesh pvesm pveum pveversion pwd pwgen python
python3 qemu-img qm read readlink realpath rclone reboot restic rm rmdir route rsync scp sed seq service sfdisk sha256sum
shutdown sleep smartctl sops sort source ssh ssh-copy-id ssh-keygen ssh-keyscan sshpass stat stern stty sudo swapoff
sysctl systemctl tail talhelper talosctl tar tcpdump tee terraform terragrunt test timedatectl timeout tofu touch tr
traceroute truncate ufw umount uname uniq unzip update-ca-certificates useradd usermod uuidgen vault velero vgcreate
vgs virsh wait watch wc wget which wipefs xargs xz yq zcat zfs zpool zstd printf true false set unset shift return trap
cd declare local eval exec mapfile readarray
""".split())

NEVER_MEANT = frozenset("""
rm rmdir dd wipefs mkfs lvremove vgremove pvremove shutdown reboot kill killall fdisk sfdisk parted truncate umount zpool zfs
useradd usermod passwd swapoff chown chmod mv exit return eval exec
""".split())
"""Known, but no slip is corrected to one of these: a wrong guess would cost too much."""

OTHER_TOOLS = frozenset("""
pvremove pvscan pvs pvdisplay pvresize vgremove vgdisplay vgscan vgextend vgrename lvextend lvscan lvresize lvrename lvconvert
resize2fs xfs_growfs e2fsck fsck sshd sshfs ip6tables iptables-save iptables-restore nmcli resolvectl networkctl vmstat iostat
mpstat btop top lsof strace ltrace gdb vim vi nano less more screen tmux expect yamllint shellcheck ansible-lint ansible-doc
kubeconform kubeval kube-linter stern krew kind minikube k0s k0sctl rke2 nerdctl buildah skopeo trivy cosign age age-keygen
step certbot nginx caddy haproxy keepalived etcdctl calicoctl hubble istioctl linkerd argocd velero-cli mc s3cmd aws gcloud az
packer vagrant nix direnv just task yum zypper pacman apk brew snap flatpak lshw dmidecode lspci lsusb lsmod modprobe ceph rbd
rados ceph-volume pveceph pvereport pvenode pveupdate pvesr pve-firewall ha-manager vzdump qmrestore proxmox-backup-client
""".split())
"""Known, so that none of them is taken for a slip of another."""

SUBCOMMANDS = {
    "kubectl": frozenset("""annotate api-resources api-versions apply attach auth autoscale certificate cluster-info completion
        config cordon cp create debug delete describe diff drain edit events exec explain expose get kustomize label logs options
        patch plugin port-forward proxy replace rollout run scale set taint top uncordon version wait""".split()),
    "helm": frozenset("""completion create dependency diff env get history install lint list package plugin pull push registry repo
        rollback search show status template test uninstall upgrade verify version""".split()),
    "flux": frozenset("""bootstrap build check create delete diff envsubst events export get install list logs migrate pull push
        reconcile resume stats suspend tag trace tree uninstall version""".split()),
    "talosctl": frozenset("""apply-config bootstrap cgroups cluster completion config conformance containers copy dashboard dmesg edit
        etcd events gen get health image inject inspect kubeconfig list logs machineconfig memory meta mounts netstat patch pcap
        processes read reboot reset restart rollback rotate-ca service shutdown stats support time upgrade upgrade-k8s usage validate
        version wipe""".split()),
    "qm": frozenset("""agent cleanup clone cloudinit config create delsnapshot destroy disk guest guestexec import importdisk importovf
        list listsnapshot migrate monitor move-disk mtunnel nbdstop pending reboot remote-migrate rescan reset resize resume rollback
        sendkey set showcmd shutdown snapshot start status stop suspend template terminal unlink unlock vncproxy wait""".split()),
    "pct": frozenset("""clone config console cpusets create delsnapshot destroy df enter exec fsck fstrim list listsnapshot migrate mount
        move-volume pending pull push reboot rescan resize restore resume rollback set shutdown snapshot start status stop suspend
        template unlock unmount""".split()),
    "systemctl": frozenset("""cat daemon-reload disable edit enable get-default is-active is-enabled is-failed isolate kill link
        list-timers list-unit-files list-units mask preset reenable reload reload-or-restart reset-failed restart set-default show start
        status stop try-restart unmask""".split()),
    "docker": frozenset("""attach build buildx commit compose container context cp create diff events exec export history image images
        import info inspect kill load login logout logs manifest network node pause plugin port ps pull push rename restart rm rmi run
        save search service stack start stats stop swarm system tag top trust unpause update version volume wait""".split()),
    "git": frozenset("""add am apply archive bisect blame branch bundle checkout cherry-pick clean clone commit config describe diff fetch
        format-patch gc grep init log merge mv notes pull push rebase reflog remote reset restore revert rm show stash status submodule
        switch tag worktree""".split()),
    "apt-get": frozenset("""autoclean autoremove build-dep changelog check clean dist-upgrade download install purge reinstall remove
        source update upgrade""".split()),
    "apt": frozenset("autoremove full-upgrade install list purge reinstall remove search show update upgrade".split()),
    "pip": frozenset("cache check config debug download freeze hash index install list show uninstall wheel".split()),
    "terraform": frozenset("""apply console destroy fmt force-unlock get graph import init login logout output plan providers refresh
        show state taint test untaint validate version workspace""".split()),
}
# fmt: on
