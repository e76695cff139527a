import Digests
import Synchronization
import TextSafety
package import WorkerDomain

/// Looks for credentials where a user of S3 or R2 keeps them.
///
/// In this order: the profile that the settings name; `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`;
/// `R2_ACCESS_KEY_ID` and `R2_SECRET_ACCESS_KEY`; the default profile of `~/.aws`; for R2 a token of Cloudflare's API,
/// whose value gives the secret and whose id is asked for once.
package final class FoundCredentials: S3CredentialSource {
    private let profile: String?
    private let environment: [String: String]
    /// True when the endpoint is R2's, where an API token is good for credentials.
    private let isR2: Bool
    private let transfers: any HTTPTransferring
    private let derived = Mutex<S3Credentials?>(nil)

    /// - Parameters:
    ///   - profile: As the settings name it.
    ///   - endpoint: Decides whether a token of Cloudflare's API counts.
    ///   - environment: Of the process.
    package convenience init(profile: String?, endpoint: S3Endpoint, environment: [String: String]) {
        let isR2 = endpoint.host.hasSuffix(".r2.cloudflarestorage.com")
        self.init(profile: profile, isR2: isR2, environment: environment, transfers: CurlTransfers.shared)
    }

    init(profile: String?, isR2: Bool, environment: [String: String], transfers: any HTTPTransferring) {
        self.profile = profile
        self.isR2 = isR2
        self.environment = environment
        self.transfers = transfers
    }

    package func credentials(for operation: String) async throws(StorageError) -> S3Credentials {
        if let profile = self.profile {
            guard let found = AWSProfile.read(profile, environment: self.environment)?.credentials else {
                let files = AWSProfile.files(self.environment)
                throw StorageError(
                    .denied, operation: operation,
                    reason: "no keys for the profile \"\(profile)\" in \(files.credentials)")
            }
            return found
        }
        for (key, secret, token) in [
            ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
            ("R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY", ""),
        ] {
            guard let key = self.value(key), let secret = self.value(secret) else { continue }
            return S3Credentials(accessKey: key, secretKey: secret, sessionToken: self.value(token))
        }
        if let found = AWSProfile.read(nil, environment: self.environment)?.credentials { return found }
        if self.isR2, let token = self.value("CLOUDFLARE_API_TOKEN") ?? self.value("CF_API_TOKEN") {
            return try await self.derive(from: token, operation)
        }
        let reason =
            "no credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or profile in worker-console.toml"
        throw StorageError(.denied, operation: operation, reason: reason)
    }

    private func value(_ name: String) -> String? { self.environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The id of a token is the access key, the digest of its value the secret
    /// (https://developers.cloudflare.com/r2/api/tokens/#get-s3-api-credentials-from-an-api-token).
    private func derive(from token: String, _ operation: String) async throws(StorageError) -> S3Credentials {
        if let known = self.derived.withLock({ $0 }) { return known }
        let base = self.value("CLOUDFLARE_API_BASE_URL") ?? "https://api.cloudflare.com/client/v4"
        let request = HTTPRequest(
            method: "GET", url: base + "/user/tokens/verify", headers: [("Authorization", "Bearer \(token)")],
            maximumBytes: 1 << 20)
        let response: HTTPResponse
        do throws(TransferError) {
            response = try await self.transfers.perform(request)
        } catch {
            throw S3Failure.error(of: error, host: base, operation: operation)
        }
        guard response.status == 200,
            case .text(let id)? = JSONObject(response.body[...])?.object("result")?["id"], !id.isEmpty
        else {
            let reason = "Cloudflare did not accept CLOUDFLARE_API_TOKEN (status \(response.status))"
            throw StorageError(.denied, operation: operation, reason: reason)
        }
        let secret = Digest.hexadecimal(Digest.sha256.hash(Array(token.utf8)))
        let credentials = S3Credentials(accessKey: id, secretKey: secret)
        self.derived.withLock { $0 = credentials }
        return credentials
    }
}
