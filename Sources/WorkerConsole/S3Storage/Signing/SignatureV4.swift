import Digests
import Glibc
import WorkerDomain

/// Signs requests by AWS's Signature Version 4
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
struct SignatureV4: Sendable {
    static let algorithm = "AWS4-HMAC-SHA256"
    static let unsignedPayload = "UNSIGNED-PAYLOAD"

    let credentials: S3Credentials
    let region: String
    var service = "s3"
    /// True for every service but S3.
    var normalizesPath = false
    /// False where the token goes along without being signed.
    var signsToken = true

    static func hash(of payload: [UInt8]) -> String { Digest.hexadecimal(Digest.sha256.hash(payload)) }

    /// The request with the headers that sign it.
    /// - Parameters:
    ///   - request: With its `Host`.
    ///   - payloadHash: What stands for the body.
    ///   - sendsHash: True where the hash goes along as a header: always for S3.
    ///   - time: Not more than 15 minutes from the server's.
    /// - Returns: The request as it is to be sent.
    func signed(
        _ request: SignableRequest, payloadHash: String, sendsHash: Bool = true, at time: WallTime
    ) -> SignableRequest {
        var request = request
        let stamp = Self.stamp(time)
        if !request.headers.contains(where: { $0.name.lowercased() == "x-amz-date" }) {
            request.headers.append(("X-Amz-Date", stamp))
        }
        if sendsHash { request.headers.append(("X-Amz-Content-Sha256", payloadHash)) }
        if let token = self.credentials.sessionToken, self.signsToken {
            request.headers.append(("X-Amz-Security-Token", token))
        }
        let (text, names) = request.canonical(payloadHash: payloadHash, normalizesPath: self.normalizesPath)
        let signature = self.signature(of: text, stamp)
        if let token = self.credentials.sessionToken, !self.signsToken {
            request.headers.append(("X-Amz-Security-Token", token))
        }
        request.headers.append(
            (
                "Authorization",
                "\(Self.algorithm) Credential=\(self.credentials.accessKey)/\(self.scope(stamp)), "
                    + "SignedHeaders=\(names), Signature=\(signature)"
            ))
        return request
    }

    /// The request with its signature in the query, so that its URL alone is enough.
    func presigned(
        _ request: SignableRequest, payloadHash: String = Self.unsignedPayload, seconds: Int, at time: WallTime
    ) -> SignableRequest {
        var request = request
        let stamp = Self.stamp(time)
        let names = Set(request.headers.map { $0.name.lowercased() }).sorted().joined(separator: ";")
        request.query += [
            ("X-Amz-Algorithm", Self.algorithm),
            ("X-Amz-Credential", "\(self.credentials.accessKey)/\(self.scope(stamp))"), ("X-Amz-Date", stamp),
            ("X-Amz-Expires", "\(seconds)"), ("X-Amz-SignedHeaders", names),
        ]
        let token = self.credentials.sessionToken.map { ("X-Amz-Security-Token", $0) }
        if let token, self.signsToken { request.query.append(token) }
        let (text, _) = request.canonical(payloadHash: payloadHash, normalizesPath: self.normalizesPath)
        request.query.append(("X-Amz-Signature", self.signature(of: text, stamp)))
        if let token, !self.signsToken { request.query.append(token) }
        return request
    }

    /// What is signed (step 2 of AWS's page).
    func textToSign(_ canonical: String, _ stamp: String) -> String {
        [Self.algorithm, stamp, self.scope(stamp), Self.hash(of: Array(canonical.utf8))].joined(separator: "\n")
    }

    private func signature(of canonical: String, _ stamp: String) -> String {
        var key = Array("AWS4\(self.credentials.secretKey)".utf8)
        for part in [String(stamp.prefix(8)), self.region, self.service, "aws4_request"] {
            key = Digest.sha256.authenticationCode(of: Array(part.utf8), key: key)
        }
        let text = Array(self.textToSign(canonical, stamp).utf8)
        return Digest.hexadecimal(Digest.sha256.authenticationCode(of: text, key: key))
    }

    private func scope(_ stamp: String) -> String { "\(stamp.prefix(8))/\(self.region)/\(self.service)/aws4_request" }

    /// `20150830T123600Z`.
    static func stamp(_ time: WallTime) -> String {
        var seconds = time_t(time.nanosecondsSinceEpoch / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ number: Int32, _ count: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
        }
        let date = digits(parts.tm_year + 1_900, 4) + digits(parts.tm_mon + 1) + digits(parts.tm_mday)
        return date + "T" + digits(parts.tm_hour) + digits(parts.tm_min) + digits(parts.tm_sec) + "Z"
    }
}
