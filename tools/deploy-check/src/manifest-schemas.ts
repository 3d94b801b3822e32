import { isDeepStrictEqual } from 'node:util';
import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import * as keda from '@kubernetes-models/keda/keda.sh/v1alpha1';
import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as batch from 'kubernetes-models/batch/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import { parse, stringify } from 'yaml';

interface Model {
  new (data: never): { validate(): void };
}

const MODELS: Readonly<Record<string, Model>> = {
  'apps/v1 Deployment': apps.Deployment,
  'autoscaling/v2 HorizontalPodAutoscaler': autoscaling.HorizontalPodAutoscaler,
  'batch/v1 Job': batch.Job,
  'keda.sh/v1alpha1 ScaledObject': keda.ScaledObject,
  'monitoring.coreos.com/v1 ServiceMonitor': monitoring.ServiceMonitor,
  'networking.k8s.io/v1 Ingress': networking.Ingress,
  'networking.k8s.io/v1 NetworkPolicy': networking.NetworkPolicy,
  'policy/v1 PodDisruptionBudget': policy.PodDisruptionBudget,
  'v1 Service': core.Service,
  'v1 ServiceAccount': core.ServiceAccount,
};

/**
 * Checks a manifest against the published schema of its kind, and that it has no field that the API does not know: the
 * schemas allow them, and a misspelled probe would be ignored by a cluster.
 *
 * @throws Error that names the violation, or an unknown kind
 */
export function validateManifest(manifest: { readonly apiVersion: string; readonly kind: string }): void {
  const kind = `${manifest.apiVersion} ${manifest.kind}`;
  const model = MODELS[kind];
  if (!model) throw new Error(`There is no schema for ${kind}.`);
  new model(manifest as never).validate();
  // The official client keeps known fields only. Of custom resources it knows none, and keeps all.
  const typed: unknown = JSON.parse(JSON.stringify(parse(dumpYaml(loadYaml(stringify(manifest))))));
  if (!isDeepStrictEqual(typed, manifest)) throw new Error(`${kind} has unknown fields: ${JSON.stringify(manifest)}`);
}
