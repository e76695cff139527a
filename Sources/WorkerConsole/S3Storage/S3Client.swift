import Glibc
package import WorkerDomain

/// Sends signed requests to one bucket, again where that can help, and says in the user's words what went wrong.
struct S3Client: Sendable {
    /// A request to the bucket or to one of its objects.
    struct Call: Sendable {
        var method = "GET"
        /// `nil` for the bucket itself.
        var key: String?
        var query: [(name: String, value: String)] = []
        var headers: [(name: String, value: String)] = []
        var body: [UInt8]?
        var maximumBytes = 32 << 20
        /// Statuses that are a result and no failure.
        var expected: Set<Int> = [200]
        /// False when sending it again could do something twice.
        var isRepeatable = true
        var sent: (@Sendable (Int64) -> Void)?
    }

    let endpoint: S3Endpoint
    let credentials: any S3CredentialSource
    let transfers: any HTTPTransferring
    var retry = RetryPolicy()
    var now: @Sendable () -> WallTime = { S3Client.wallClock() }

    /// - Parameters:
    ///   - call: What to send.
    ///   - operation: In the user's words: `list s3:BUCKET/prefix`.
    /// - Returns: A response with one of the expected statuses.
    /// - Throws: `StorageError` for everything else.
    func perform(_ call: Call, _ operation: String) async throws(StorageError) -> HTTPResponse {
        var attempt = 1
        while true {
            let signed = try await self.sign(call, operation)
            var failure: StorageError
            var pause: Duration?
            switch await self.send(signed) {
            case .success(let response):
                if call.expected.contains(response.status) { return response }
                failure = S3Failure.error(of: response, operation: operation)
                guard RetryPolicy.isRetryable(status: response.status), call.isRepeatable else { throw failure }
                let wait = RetryPolicy.retryAfter(response.header("retry-after"), now: self.now())
                if let wait, wait > self.retry.patience {
                    let reason = "\(failure.reason); the server asks to wait \(wait.components.seconds) s"
                    throw StorageError(failure.code, operation: operation, reason: reason)
                }
                pause = self.retry.pause(after: attempt, retryAfter: wait)
            case .failure(let error):
                failure = S3Failure.error(of: error, host: self.endpoint.authority, operation: operation)
                if error.isRetryable, call.isRepeatable { pause = self.retry.pause(after: attempt, retryAfter: nil) }
            }
            guard let pause, attempt < self.retry.attempts, !Task.isCancelled else {
                if attempt > 1 {
                    let reason = "\(failure.reason); tried \(attempt) times"
                    failure = StorageError(failure.code, operation: operation, reason: reason)
                }
                throw failure
            }
            attempt += 1
            await self.retry.sleep(pause)
        }
    }

    private func send(_ request: HTTPRequest) async -> Result<HTTPResponse, TransferError> {
        do throws(TransferError) {
            return .success(try await self.transfers.perform(request))
        } catch {
            return .failure(error)
        }
    }

    /// A URL that is signed by itself.
    func presigned(
        method: String, key: String, seconds: Int, _ operation: String
    ) async throws(StorageError) -> String {
        let credentials = try await self.credentials.credentials(for: operation)
        let request = SignableRequest(
            method: method, path: self.endpoint.path(of: key), query: [], headers: [("Host", self.endpoint.authority)])
        let signature = SignatureV4(credentials: credentials, region: self.endpoint.region)
        return self.endpoint.url(of: signature.presigned(request, seconds: seconds, at: self.now()))
    }

    private func sign(_ call: Call, _ operation: String) async throws(StorageError) -> HTTPRequest {
        let credentials = try await self.credentials.credentials(for: operation)
        let request = SignableRequest(
            method: call.method, path: self.endpoint.path(of: call.key), query: call.query,
            headers: [("Host", self.endpoint.authority)] + call.headers)
        let signature = SignatureV4(credentials: credentials, region: self.endpoint.region)
        let signed = signature.signed(request, payloadHash: SignatureV4.hash(of: call.body ?? []), at: self.now())
        return HTTPRequest(
            method: call.method, url: self.endpoint.url(of: signed),
            headers: signed.headers.filter { $0.name != "Host" },
            body: call.body, maximumBytes: call.maximumBytes, sent: call.sent)
    }

    static func wallClock() -> WallTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(nanosecondsSinceEpoch: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

/// Where the credentials of requests come from; asked before each, as some expire.
package protocol S3CredentialSource: Sendable {
    /// - Throws: `StorageError` — `.denied` when there are none, saying where they were looked for.
    func credentials(for operation: String) async throws(StorageError) -> S3Credentials
}

/// Credentials that are known.
package struct FixedCredentials: S3CredentialSource {
    private let known: S3Credentials

    package init(_ known: S3Credentials) {
        self.known = known
    }

    package func credentials(for _: String) async throws(StorageError) -> S3Credentials { self.known }
}
