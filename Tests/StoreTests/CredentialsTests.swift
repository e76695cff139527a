import Foundation
import Synchronization
import TestSupport
import Testing
import WorkerDomain

@testable import S3Storage

@Suite("Credentials and endpoints")
struct CredentialsTests {
    @Test("profiles are read as the AWS tools write them")
    func profiles() throws {
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try """
        # a comment
        [default]
        aws_access_key_id=AKDEFAULT
        aws_secret_access_key = s=with=equals
        [ other ]
        aws_access_key_id = AKOTHER # its key
        AWS_SECRET_ACCESS_KEY = x
        aws_session_token = t
        [half]
        aws_access_key_id = AK
        [broken
        aws_access_key_id = LOST
        """.write(toFile: folder + "/credentials", atomically: true, encoding: .utf8)
        try """
        [default]
        region = eu-west-1
        s3 =
            addressing_style = path
        [profile other]
        region = auto
        endpoint_url = https://r2.example.com
        """.write(toFile: folder + "/config", atomically: true, encoding: .utf8)
        var environment = [
            "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials", "AWS_CONFIG_FILE": folder + "/config",
        ]
        let standard = try #require(AWSProfile.read(nil, environment: environment))
        #expect(standard.credentials == S3Credentials(accessKey: "AKDEFAULT", secretKey: "s=with=equals"))
        #expect(standard.region == "eu-west-1" && standard.endpoint == nil)
        environment["AWS_PROFILE"] = "other"
        let other = try #require(AWSProfile.read(nil, environment: environment))
        #expect(other.credentials == S3Credentials(accessKey: "AKOTHER", secretKey: "x", sessionToken: "t"))
        #expect(other.region == "auto" && other.endpoint == "https://r2.example.com")
        #expect(AWSProfile.read("half", environment: environment)?.credentials == nil)
        #expect(AWSProfile.read("nobody", environment: environment) == nil)
        #expect(AWSProfile.read(nil, environment: ["HOME": folder]) == nil)
    }

    /// Notes what is asked for, and responds with one thing.
    private final class Answers: HTTPTransferring {
        let response: HTTPResponse
        let seen = Mutex<[HTTPRequest]>([])

        init(_ status: Int, _ body: String) {
            self.response = HTTPResponse(status: status, headers: [], body: Array(body.utf8))
        }

        func perform(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
            self.seen.withLock { $0.append(request) }
            return self.response
        }
    }

    private func found(
        _ environment: [String: String], profile: String? = nil, isR2: Bool = true,
        _ transfers: Answers = Answers(500, "")
    ) async throws(StorageError) -> S3Credentials {
        let source = FoundCredentials(
            profile: profile, isR2: isR2, environment: ["HOME": "/nonexistent"].merging(environment) { $1 },
            transfers: transfers)
        return try await source.credentials(for: "list r2:B")
    }

    @Test("the environment counts in its order, and nothing found says where it was looked for")
    func environment() async throws {
        let aws = ["AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "B", "AWS_SESSION_TOKEN": "C"]
        let r2 = ["R2_ACCESS_KEY_ID": "D", "R2_SECRET_ACCESS_KEY": "E"]
        #expect(
            try await self.found(aws.merging(r2) { $1 })
                == S3Credentials(accessKey: "A", secretKey: "B", sessionToken: "C"))
        #expect(try await self.found(r2) == S3Credentials(accessKey: "D", secretKey: "E"))
        for (environment, profile) in [([:], nil), (["AWS_ACCESS_KEY_ID": "A"], nil), (aws, "nobody")]
            as [([String: String], String?)]
        {
            let error = await #expect(throws: StorageError.self) { try await self.found(environment, profile: profile) }
            #expect(error?.code == .denied)
        }
    }

    @Test("an R2 token gives its id and the digest of its value, and is asked for only at R2")
    func token() async throws {
        let transfers = Answers(200, #"{"success":true,"result":{"id":"tokenid","status":"active"}}"#)
        let environment = ["CLOUDFLARE_API_TOKEN": "abc", "CLOUDFLARE_API_BASE_URL": "http://127.0.0.1:1/v4"]
        let credentials = try await self.found(environment, transfers)
        #expect(credentials.accessKey == "tokenid")
        #expect(credentials.secretKey == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(transfers.seen.withLock { $0.map(\.url) } == ["http://127.0.0.1:1/v4/user/tokens/verify"])
        await #expect(throws: StorageError.self) { try await self.found(environment, isR2: false, transfers) }
        for body in ["<html>", "{}", #"{"result":null}"#] {
            let error = await #expect(throws: StorageError.self) {
                try await self.found(environment, Answers(200, body))
            }
            #expect(error?.code == .denied && error?.reason.contains("abc") == false)
        }
        #expect(!"\(credentials)".contains(credentials.secretKey))
    }

    @Test("what is no endpoint is refused, and AWS gets the bucket in its host")
    func endpoints() throws {
        for url in ["", "host", "ftp://h", "https://", "https://h/path", "https://u:p@h", "https://h?x", "https://a b"]
        {
            #expect(throws: S3Endpoint.Mistake.self) { try S3Endpoint(url: url, bucket: "b") }
        }
        for bucket in ["", "..", "a/b", "a b", "a?b"] {
            #expect(throws: S3Endpoint.Mistake.self) { try S3Endpoint(url: "https://h", bucket: bucket) }
        }
        let r2 = try S3Endpoint(url: "https://ACC.r2.cloudflarestorage.com:443/", bucket: "b")
        #expect(r2.region == "auto" && r2.authority == "acc.r2.cloudflarestorage.com" && r2.path(of: "k") == "/b/k")
        let aws = try S3Endpoint(url: "https://s3.eu-west-1.amazonaws.com", bucket: "b", region: "eu-west-1")
        #expect(
            aws.authority == "b.s3.eu-west-1.amazonaws.com" && aws.path(of: "k") == "/k" && aws.path(of: nil) == "/")
        let dotted = try S3Endpoint(url: "https://s3.amazonaws.com", bucket: "a.b")
        #expect(dotted.authority == "s3.amazonaws.com" && dotted.region == "us-east-1")
        #expect(try S3Endpoint(url: "http://h:9000", bucket: "b", style: .host).authority == "b.h:9000")
    }

    @Test("times of S3 are read, whatever fraction they have; nonsense is none")
    func times() {
        let expected = WallTime(millisecondsSinceEpoch: 1_767_323_045_000)
        #expect(S3Text.time(iso8601: "2026-01-02T03:04:05Z") == expected)
        #expect(S3Text.time(iso8601: "2026-01-02T03:04:05.000Z") == expected)
        #expect(
            S3Text.time(iso8601: "2026-01-02T03:04:05.1234567Z") == WallTime(millisecondsSinceEpoch: 1_767_323_045_123))
        #expect(S3Text.time(iso8601: "2024-02-29T00:00:00Z") == WallTime(millisecondsSinceEpoch: 1_709_164_800_000))
        #expect(S3Text.time(http: "Fri, 02 Jan 2026 03:04:05 GMT") == expected)
        for text in ["", "2026-01-02", "2026-13-02T03:04:05Z", "xxxx-01-02T03:04:05Z", "2026-01-02T03:04:05.x0Z"] {
            #expect(S3Text.time(iso8601: text) == nil, "\(text)")
        }
    }

    @Test(
        "a URL that is signed by itself is good for its object and for its time, at a real server",
        .enabled(if: SeaweedServer.isAvailable, "SeaweedFS cannot be installed here"))
    func presigned() async throws {
        let bench = try await StoreBench(.seaweed)
        let store = try #require(bench.store as? S3BucketStore)
        let url = try await store.presignedURL(of: "a b+c%2F&d", method: "GET", lifetime: .seconds(60))
        let response = try await CurlTransfers.shared.perform(HTTPRequest(method: "GET", url: url))
        #expect(response.status == 200 && response.body == [6])
        let other = try await CurlTransfers.shared.perform(
            HTTPRequest(method: "GET", url: url.replacing("a%20b", with: "a.txt")))
        #expect(other.status >= 400)
        for lifetime in [Duration.zero, .seconds(604_801)] {
            await #expect(throws: StorageError.self) {
                try await store.presignedURL(of: "k", method: "GET", lifetime: lifetime)
            }
        }
    }
}
