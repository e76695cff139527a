import Foundation
import TestSupport
import Testing
import WorkerDomain

@testable import S3Storage

/// AWS's published suite (awslabs/aws-c-auth, tests/aws-signing-test-suite/v4), a row a case.
@Suite("Signature Version 4")
struct SignatureTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name, method, target, body, accessKey, secretKey, region, service, timestamp: String
        let headers: [[String]]
        let token: String?
        let normalize, signBody, omitToken: Bool
        let expires: Int
        let headerCanonical, headerStringToSign, headerSignature, queryCanonical, querySignature: String

        var testDescription: String { self.name }

        var request: SignableRequest {
            let path = String(self.target.prefix { $0 != "?" })
            let query = self.target.drop { $0 != "?" }.dropFirst().split(separator: "&").map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (
                    name: PercentEncoding.decode(String(parts[0])),
                    value: parts.count > 1 ? PercentEncoding.decode(String(parts[1])) : ""
                )
            }
            return SignableRequest(
                method: self.method, path: path, query: query, headers: self.headers.map { ($0[0], $0[1]) })
        }

        var signature: SignatureV4 {
            let credentials = S3Credentials(
                accessKey: self.accessKey, secretKey: self.secretKey, sessionToken: self.token)
            return SignatureV4(
                credentials: credentials, region: self.region, service: self.service, normalizesPath: self.normalize,
                signsToken: !self.omitToken)
        }

        var hash: String { SignatureV4.hash(of: Array(self.body.utf8)) }
    }

    static let cases: [Case] =
        (try? JSONDecoder().decode([Case].self, from: Data(Fixtures.bytes("aws-signing-suite-v4.json")))) ?? []
    static let time = WallTime(millisecondsSinceEpoch: 1_440_938_160_000)

    @Test("the suite is there")
    func suite() { #expect(Self.cases.count == 38) }

    @Test("headers sign a request as AWS publishes it", arguments: Self.cases)
    func headers(item: Case) {
        let signed = item.signature.signed(
            item.request, payloadHash: item.hash, sendsHash: item.signBody, at: Self.time)
        let authorization = signed.headers.first { $0.name == "Authorization" }?.value ?? ""
        #expect(authorization.hasSuffix("Signature=\(item.headerSignature)"))
        var bare = signed
        bare.headers.removeAll { $0.name == "Authorization" || (item.omitToken && $0.name == "X-Amz-Security-Token") }
        let (canonical, names) = bare.canonical(payloadHash: item.hash, normalizesPath: item.normalize)
        #expect(canonical == item.headerCanonical)
        #expect(authorization.contains("SignedHeaders=\(names), "))
        #expect(item.signature.textToSign(canonical, "20150830T123600Z") == item.headerStringToSign)
    }

    @Test("a query signs a request as AWS publishes it", arguments: Self.cases)
    func query(item: Case) {
        let signed = item.signature.presigned(
            item.request, payloadHash: item.hash, seconds: item.expires, at: Self.time)
        #expect(signed.query.first { $0.name == "X-Amz-Signature" }?.value == item.querySignature)
    }

    @Test("the path of a key is the key: nothing in it is resolved or encoded twice")
    func keys() throws {
        let endpoint = try S3Endpoint(url: "http://127.0.0.1:9000", bucket: "b")
        for (key, path) in [
            ("a b", "/b/a%20b"), ("../up", "/b/../up"), ("a//b", "/b/a//b"), ("/lead", "/b//lead"),
            ("a%2Fb", "/b/a%252Fb"), ("简历", "/b/%E7%AE%80%E5%8E%86"), ("n\nl\u{0}", "/b/n%0Al%00"),
            ("?q#f+", "/b/%3Fq%23f%2B"),
        ] {
            let request = SignableRequest(method: "GET", path: endpoint.path(of: key), query: [], headers: [])
            #expect(endpoint.url(of: request) == "http://127.0.0.1:9000" + path)
            let (canonical, _) = request.canonical(payloadHash: "x", normalizesPath: false)
            #expect(canonical.split(separator: "\n", omittingEmptySubsequences: false)[1] == path)
        }
    }

    /// The second witness; left out where botocore cannot be had.
    @Test("botocore signs the same", .enabled(if: PythonTools.botocore != nil, "botocore cannot be installed here"))
    func botocore() async throws {
        let python = try #require(PythonTools.botocore)
        let script = """
            import sys, json, datetime
            from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth
            from botocore.awsrequest import AWSRequest
            from botocore.credentials import Credentials
            import botocore.auth
            botocore.auth.get_current_datetime = lambda *a, **k: datetime.datetime(2015, 8, 30, 12, 36)
            class Fixed(datetime.datetime):
                @classmethod
                def utcnow(cls): return datetime.datetime(2015, 8, 30, 12, 36)
            class Module: datetime = Fixed
            if hasattr(botocore.auth, 'datetime'): botocore.auth.datetime = Module
            out = []
            for method, url, body in json.load(sys.stdin):
                c = Credentials('AKID', 'SECRET', 'TOKEN')
                r = AWSRequest(method=method, url=url, data=body.encode())
                S3SigV4Auth(c, 's3', 'auto').add_auth(r)
                q = AWSRequest(method='GET', url=url)
                S3SigV4QueryAuth(c, 's3', 'auto', expires=60).add_auth(q)
                out.append([r.headers['Authorization'], q.url])
            print(json.dumps(out))
            """
        let endpoint = try S3Endpoint(url: "https://acc.r2.cloudflarestorage.com", bucket: "b")
        let signature = SignatureV4(
            credentials: S3Credentials(accessKey: "AKID", secretKey: "SECRET", sessionToken: "TOKEN"), region: "auto")
        var input: [[String]] = []
        var ours: [(authorization: String, signature: String)] = []
        for (method, key, query) in [
            ("GET", "a b/简历.pdf", []), ("PUT", "x%2Fy", []), ("GET", "plain", [(name: "partNumber", value: "2")]),
            ("GET", "e\u{301}~*'()", []),
        ] as [(String, String, [(name: String, value: String)])] {
            let request = SignableRequest(
                method: method, path: endpoint.path(of: key), query: query, headers: [("Host", endpoint.authority)])
            let body = method == "PUT" ? "body" : ""
            input.append([method, endpoint.url(of: request), body])
            let signed = signature.signed(
                request, payloadHash: SignatureV4.hash(of: Array(body.utf8)), at: Self.time)
            var get = request
            get.method = "GET"
            let presigned = signature.presigned(get, seconds: 60, at: Self.time)
            ours.append(
                (
                    signed.headers.first { $0.name == "Authorization" }?.value ?? "",
                    presigned.query.first { $0.name == "X-Amz-Signature" }?.value ?? "none"
                ))
        }
        let outcome = try await SpawnedProgram.run(
            [python, "-c", script], input: [UInt8](try JSONSerialization.data(withJSONObject: input)))
        let theirs = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output)) as? [[String]], "\(outcome.errorText)")
        for (our, their) in zip(ours, theirs) {
            #expect(our.authorization == their[0])
            #expect(their[1].contains("X-Amz-Signature=\(our.signature)"))
        }
    }
}
