import WorkerDomain

/// Objects of local buckets can be read from their first byte to their last.
struct ObjectsCheck: DeployCheck {
    static let id = "bindings.r2"
    static let title = "R2 objects"
    static let chineseTitle = "R2 对象"
    static let about =
        "The first 20 objects of every local bucket can be read, and have the size that is recorded of them."

    private static let count = 20

    func run(_ context: CheckContext) async -> [CheckResult] {
        await BindingReads(context: context).result(
            of: self, nothing: "no bucket is read on this machine",
            rule: "a row of the bucket whose file is missing or shorter makes the Worker's get fail"
        ) { resource in
            guard case .bucket(let bucket) = resource.reader else { return nil }
            let place = await resource.locate()
            if StateFault.isEmptyFile(place.hasPrefix("/") ? place : context.folder + "/" + place) {
                return [StateFault.empty("the bucket's database")]
            }
            return [await Self.line(of: bucket)]
        }
    }

    private static func line(of bucket: any ObjectStore) async -> BindingReads.Line {
        do throws(StorageError) {
            let page = try await bucket.list(ObjectListRequest(limit: self.count))
            let objects = page.entries.compactMap { if case .object(let object) = $0 { object } else { nil } }
            guard !objects.isEmpty else { return .init(words: "nothing stored yet", isKnown: false) }
            for object in objects {
                if let problem = await self.problem(of: object, in: bucket) {
                    return .init(
                        words: "\(object.key.prefix(200)) cannot be read: \(problem.reason)",
                        fix: problem.isDenied ? StateFault.permission : "write the object again, or delete it")
                }
            }
            return .init(words: "\(Counted.text(objects.count, "object")) read")
        } catch {
            return StateFault(error, reading: "the bucket's database").line
        }
    }

    private struct Problem {
        let reason: String
        var isDenied = false
    }

    private static func problem(of object: StoredObject, in bucket: any ObjectStore) async -> Problem? {
        do throws(StorageError) {
            let size = object.bytes
            guard size > 0 else {
                _ = try await bucket.read(object.key, offset: 0, length: 1)
                return nil
            }
            for offset in Set([0, size - 1]) {
                let part = try await bucket.read(object.key, offset: offset, length: 1)
                guard part.bytes.count == 1 else { return Problem(reason: "it is shorter than \(size) bytes") }
            }
            return nil
        } catch {
            return Problem(reason: error.reason, isDenied: error.code == .denied)
        }
    }
}
