# ruff: noqa: SIM905 - tables of words read best as text
"""What is known of Kubernetes, Flux and Talos documents: kinds, their API versions, and keys."""

from __future__ import annotations

from dataclasses import dataclass

# fmt: off
API_VERSIONS = {
    **dict.fromkeys(("Pod", "Service", "ConfigMap", "Secret", "Namespace", "ServiceAccount", "PersistentVolumeClaim",
                     "PersistentVolume", "Node", "LimitRange", "ResourceQuota", "Endpoints"), "v1"),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"), "apps/v1"),
    **dict.fromkeys(("Job", "CronJob"), "batch/v1"),
    **dict.fromkeys(("Ingress", "IngressClass", "NetworkPolicy"), "networking.k8s.io/v1"),
    **dict.fromkeys(("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"), "rbac.authorization.k8s.io/v1"),
    "PodDisruptionBudget": "policy/v1", "HorizontalPodAutoscaler": "autoscaling/v2", "StorageClass": "storage.k8s.io/v1",
    "VolumeAttachment": "storage.k8s.io/v1", "CSIDriver": "storage.k8s.io/v1", "PriorityClass": "scheduling.k8s.io/v1",
    "CustomResourceDefinition": "apiextensions.k8s.io/v1", "APIService": "apiregistration.k8s.io/v1", "Lease": "coordination.k8s.io/v1",
    "ValidatingWebhookConfiguration": "admissionregistration.k8s.io/v1", "EndpointSlice": "discovery.k8s.io/v1",
    "MutatingWebhookConfiguration": "admissionregistration.k8s.io/v1", "RuntimeClass": "node.k8s.io/v1",
    "HelmRelease": "helm.toolkit.fluxcd.io/v2",
    "GitRepository": "source.toolkit.fluxcd.io/v1", "HelmRepository": "source.toolkit.fluxcd.io/v1",
    "HelmChart": "source.toolkit.fluxcd.io/v1", "OCIRepository": "source.toolkit.fluxcd.io/v1", "Bucket": "source.toolkit.fluxcd.io/v1",
    "ClusterIssuer": "cert-manager.io/v1", "Issuer": "cert-manager.io/v1", "Certificate": "cert-manager.io/v1",
    "IPAddressPool": "metallb.io/v1beta1", "L2Advertisement": "metallb.io/v1beta1",
    "IngressRoute": "traefik.io/v1alpha1", "Middleware": "traefik.io/v1alpha1",
    "ServiceMonitor": "monitoring.coreos.com/v1", "PrometheusRule": "monitoring.coreos.com/v1", "PodMonitor": "monitoring.coreos.com/v1",
}
"""The API version that serves each kind today. A kind that several groups have (``Kustomization``) is not here."""

DROP_IN = {
    ("policy/v1beta1", "PodDisruptionBudget"): "policy/v1",
    ("batch/v1beta1", "CronJob"): "batch/v1",
    ("rbac.authorization.k8s.io/v1beta1", "*"): "rbac.authorization.k8s.io/v1",
    ("rbac.authorization.k8s.io/v1alpha1", "*"): "rbac.authorization.k8s.io/v1",
    ("storage.k8s.io/v1beta1", "StorageClass"): "storage.k8s.io/v1",
    ("storage.k8s.io/v1beta1", "CSIDriver"): "storage.k8s.io/v1",
    ("scheduling.k8s.io/v1beta1", "PriorityClass"): "scheduling.k8s.io/v1",
    ("coordination.k8s.io/v1beta1", "Lease"): "coordination.k8s.io/v1",
    ("discovery.k8s.io/v1beta1", "EndpointSlice"): "discovery.k8s.io/v1",
    ("node.k8s.io/v1beta1", "RuntimeClass"): "node.k8s.io/v1",
    ("networking.k8s.io/v1beta1", "IngressClass"): "networking.k8s.io/v1",
    ("extensions/v1beta1", "NetworkPolicy"): "networking.k8s.io/v1",
    ("autoscaling/v2beta2", "HorizontalPodAutoscaler"): "autoscaling/v2",
    ("apiregistration.k8s.io/v1beta1", "APIService"): "apiregistration.k8s.io/v1",
    ("traefik.containo.us/v1alpha1", "*"): "traefik.io/v1alpha1",
    ("source.toolkit.fluxcd.io/v1beta1", "*"): "source.toolkit.fluxcd.io/v1",
    ("source.toolkit.fluxcd.io/v1beta2", "*"): "source.toolkit.fluxcd.io/v1",
    ("kustomize.toolkit.fluxcd.io/v1beta1", "Kustomization"): "kustomize.toolkit.fluxcd.io/v1",
    ("kustomize.toolkit.fluxcd.io/v1beta2", "Kustomization"): "kustomize.toolkit.fluxcd.io/v1",
    ("helm.toolkit.fluxcd.io/v2beta2", "HelmRelease"): "helm.toolkit.fluxcd.io/v2",
    ("helm.toolkit.fluxcd.io/v2beta1", "HelmRelease"): "helm.toolkit.fluxcd.io/v2",
    ("cert-manager.io/v1alpha2", "*"): "cert-manager.io/v1",
    ("cert-manager.io/v1beta1", "*"): "cert-manager.io/v1",
}
"""Removed versions whose documents are valid as they stand under the successor. Where fields were renamed or became
required (Ingress, apps/v1beta Deployments without a selector) there is no entry: that needs a person."""



@dataclass(frozen=True, slots=True)
class Shape:
    """What a document must have to be valid under ``version``: beginnings of paths that it needs, keys that are gone."""

    version: str
    needs: tuple[str, ...]
    dropped: frozenset[str] = frozenset()


_WORKLOAD = Shape("apps/v1", ("spec.selector.matchLabels", "spec.template.metadata.labels"), frozenset(("rollbackTo", "templateGeneration")))
_INGRESS = Shape("networking.k8s.io/v1", ("spec.rules", "spec.rules.http.paths.pathType", "spec.rules.http.paths.backend.service.name",
                                          "spec.rules.http.paths.backend.service.port"), frozenset(("serviceName", "servicePort", "backends")))  # fmt: skip
_SCALER = Shape("autoscaling/v2", ("spec.maxReplicas", "spec.metrics.resource.target"), frozenset(("targetAverageUtilization", "targetAverageValue", "targetCPUUtilizationPercentage")))

SUCCESSORS = {
    **{(version, kind): _WORKLOAD for version in ("extensions/v1beta1", "apps/v1beta1", "apps/v1beta2") for kind in ("Deployment", "DaemonSet", "ReplicaSet", "StatefulSet")},
    ("extensions/v1beta1", "Ingress"): _INGRESS, ("networking.k8s.io/v1beta1", "Ingress"): _INGRESS,
    ("autoscaling/v2beta1", "HorizontalPodAutoscaler"): _SCALER,
}
"""Removed versions whose successor asks for more: valid as they stand only where a document has that already."""

KUBERNETES_KEYS = frozenset("""
apiVersion kind metadata spec data stringData type name namespace labels annotations generateName finalizers ownerReferences
replicas selector matchLabels matchExpressions template strategy rollingUpdate maxSurge maxUnavailable minReadySeconds
revisionHistoryLimit progressDeadlineSeconds containers initContainers ephemeralContainers image imagePullPolicy imagePullSecrets
command args workingDir ports containerPort hostPort hostIP protocol env envFrom value valueFrom configMapKeyRef secretKeyRef
configMapRef secretRef fieldRef fieldPath resourceFieldRef resources limits requests cpu memory volumeMounts mountPath subPath
readOnly volumes emptyDir hostPath path persistentVolumeClaim claimName configMap secret secretName items projected sources
livenessProbe readinessProbe startupProbe httpGet tcpSocket exec grpc initialDelaySeconds periodSeconds timeoutSeconds
successThreshold failureThreshold scheme port httpHeaders lifecycle preStop postStart securityContext runAsUser runAsGroup
runAsNonRoot fsGroup privileged capabilities add drop allowPrivilegeEscalation readOnlyRootFilesystem seccompProfile
serviceAccountName automountServiceAccountToken nodeSelector nodeName affinity nodeAffinity podAffinity podAntiAffinity
requiredDuringSchedulingIgnoredDuringExecution preferredDuringSchedulingIgnoredDuringExecution nodeSelectorTerms topologyKey
tolerations key operator effect values tolerationSeconds topologySpreadConstraints maxSkew whenUnsatisfiable labelSelector
hostNetwork hostPID hostIPC dnsPolicy dnsConfig restartPolicy terminationGracePeriodSeconds priorityClassName schedulerName
targetPort nodePort clusterIP clusterIPs externalIPs externalName externalTrafficPolicy internalTrafficPolicy loadBalancerIP
loadBalancerClass loadBalancerSourceRanges sessionAffinity ipFamilies ipFamilyPolicy publishNotReadyAddresses
rules host http paths pathType backend service number tls hosts ingressClassName defaultBackend
accessModes storageClassName volumeMode volumeName storage volumeClaimTemplates serviceName podManagementPolicy updateStrategy
schedule concurrencyPolicy suspend successfulJobsHistoryLimit failedJobsHistoryLimit startingDeadlineSeconds jobTemplate timeZone
backoffLimit completions parallelism activeDeadlineSeconds ttlSecondsAfterFinished roleRef apiGroup subjects apiGroups verbs
resourceNames nonResourceURLs minAvailable minReplicas maxReplicas scaleTargetRef metrics podSelector ingress egress policyTypes
from to ipBlock cidr except namespaceSelector provisioner parameters reclaimPolicy volumeBindingMode allowVolumeExpansion
mountOptions persistentVolumeReclaimPolicy capacity nfs server immutable binaryData
interval sourceRef url ref branch tag semver commit chart version valuesFrom targetNamespace releaseName install upgrade
remediation retries dependsOn prune wait timeout decryption provider postBuild substitute substituteFrom healthChecks
createNamespace crds kustomize patches images newTag newName secretRef ignore retryInterval force driftDetection reconcileStrategy
""".split())

TALOS_KEYS = frozenset("""
version debug persist machine cluster type token ca crt key certSANs kubelet image extraArgs extraMounts extraConfig nodeIP
validSubnets clusterDNS defaultRuntimeSeccompProfileEnabled disableManifestsDirectory registerWithFQDN skipNodeRegistration
network hostname interfaces interface deviceSelector addresses address routes gateway metric mtu dhcp dhcpOptions vip ip bond vlans
vlanId bridge wireguard nameservers extraHostEntries aliases searchDomains disableSearchDomain kubespan enabled
install disk diskSelector extraKernelArgs extensions wipe bootloader legacyBIOSSupport files content permissions path op env time
disabled servers bootTimeout sysctls sysfs registries mirrors endpoints overridePath config auth username password tls
insecureSkipVerify systemDiskEncryption features rbac stableHostname apidCheckExtKeyUsage diskQuotaSupport kubePrism port
hostDNS forwardKubeDNSToHost resolveMemberNames kubernetesTalosAPIAccess allowedRoles allowedKubernetesNamespaces udev rules
logging destinations endpoint format kernel modules name parameters nodeLabels nodeTaints nodeAnnotations
id secret controlPlane localAPIServerPort clusterName cni urls dnsDomain podSubnets serviceSubnets secretboxEncryptionSecret
aescbcEncryptionSecret aggregatorCA serviceAccount apiServer admissionControl configuration auditPolicy resources extraVolumes
hostPath mountPath readonly controllerManager proxy mode scheduler discovery etcd advertisedSubnets listenSubnets subnet
coreDNS externalCloudProvider manifests extraManifests extraManifestHeaders inlineManifests contents adminKubeconfig certLifetime
allowSchedulingOnControlPlanes allowSchedulingOnMasters disablePodSecurityPolicy usernamespaces pods disks partitions size
mountpoint device seccompProfiles watchdogTimer baseRuntimeSpecOverrides controlplane worker
""".split())
PROGRAM_KEYS = frozenset("""
clusterName talosVersion kubernetesVersion endpoint domain allowSchedulingOnControlPlanes additionalApiServerCertSans clusterPodNets clusterSvcNets
cniConfig nodes hostname ipAddress installDisk installDiskSelector controlPlane nameservers networkInterfaces patches schematic nodeLabels nodeAnnotations
machineSpec talosImageURL kernelModules extraManifests worker ignoreHostname disableSearchDomain filename noSchematicValidate inlinePatch
global scrape_interval evaluation_interval scrape_timeout external_labels rule_files scrape_configs job_name static_configs targets labels metrics_path
scheme relabel_configs metric_relabel_configs source_labels target_label regex replacement action separator honor_labels params basic_auth tls_config
insecure_skip_verify bearer_token_file kubernetes_sd_configs file_sd_configs dns_sd_configs alerting alertmanagers remote_write remote_read groups name
rules alert expr for annotations record interval route receiver receivers group_by group_wait group_interval repeat_interval routes matchers match
match_re continue inhibit_rules email_configs webhook_configs slack_configs send_resolved time_intervals templates
server clients positions pipeline_stages http_listen_port grpc_listen_port schema_config storage_config limits_config table_manager auth_enabled common
entryPoints address providers docker exposedByDefault certificatesResolvers acme email storage httpChallenge dnsChallenge provider log level api dashboard
insecure http routers services middlewares loadBalancer servers url tls domains main sans entryPoint permanent redirections to
""".split())
"""Keys of configuration files of Go programs that name an unknown field: talhelper, Prometheus and its kin, Traefik."""
# fmt: on
