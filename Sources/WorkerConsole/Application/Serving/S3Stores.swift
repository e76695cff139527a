import LocalState
import S3Storage
import WorkerDomain
import WorkerProject

/// Opens buckets of S3 servers: settings first, then the environment, then `~/.aws`.
enum S3Stores {
    static func resource(_ request: StoreRequest, environment: [String: String]) -> BoundResource {
        let (binding, settings) = (request.identity.binding, request.settings)
        guard binding.kind == .r2 else { return Stores.onlyBuckets(binding, "s3") }
        let profile = AWSProfile.read(settings.profile, environment: environment)
        let region =
            settings.region ?? environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? profile?.region
        guard let url = self.endpoint(request, profile, region: region, environment) else {
            let reason =
                "no endpoint; set bindings.\(binding.name).endpoint in worker-console.toml, AWS_ENDPOINT_URL_S3, or CLOUDFLARE_ACCOUNT_ID for R2"
            return .unusable(binding, place: "—", reason: reason)
        }
        do throws(S3Endpoint.Mistake) {
            // R2 has no regions: what the environment says is of another server.
            let region = url.hasSuffix(".r2.cloudflarestorage.com") ? settings.region : region
            let endpoint = try S3Endpoint(
                url: url, bucket: settings.bucket ?? binding.resource ?? request.identity.candidates.first ?? "",
                region: region, style: S3Endpoint.Style(rawValue: settings.addressing.rawValue) ?? .auto)
            let credentials = FoundCredentials(
                profile: settings.profile, endpoint: endpoint, environment: environment)
            let store = S3BucketStore(endpoint, credentials: credentials, name: binding.id)
            var resource = BoundResource(
                binding: binding, reader: .bucket(store), place: "\(endpoint.host)/\(endpoint.bucket)")
            resource.host = endpoint.host
            resource.sharing = store
            if request.mode == .write { resource.writer = S3BucketWriter(store) }
            return resource
        } catch {
            return .unusable(binding, place: "—", reason: "\(error)")
        }
    }

    private static func endpoint(
        _ request: StoreRequest, _ profile: AWSProfile?, region: String?, _ environment: [String: String]
    ) -> String? {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let named =
            request.settings.endpoint ?? value("AWS_ENDPOINT_URL_S3") ?? value("AWS_ENDPOINT_URL")
            ?? value("R2_ENDPOINT") ?? profile?.endpoint
        if let named { return named }
        if let account = request.account ?? value("CLOUDFLARE_ACCOUNT_ID") ?? value("CF_ACCOUNT_ID") {
            return "https://\(account).r2.cloudflarestorage.com"
        }
        return region.map { "https://s3.\($0).amazonaws.com" }
    }
}
