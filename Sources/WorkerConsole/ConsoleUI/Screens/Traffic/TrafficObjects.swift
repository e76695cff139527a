import TrafficJournal
import WorkerDomain

/// Finds the object that an exchange has written: one with the MD5 of its body, or of a part of it.
enum TrafficObjects {
    struct Found: Sendable, Equatable {
        var binding = ""
        var object: StoredObject?
        /// Keys that were looked at.
        var looked = 0
    }

    /// How long buckets are looked through.
    private static let patience = Duration.seconds(3)

    static func canTrace(_ screen: TrafficScreen) -> Bool {
        screen.detail.map { CarriedUploads.isUpload($0.exchange) } ?? false
    }

    static func show(in screen: inout TrafficScreen) -> [Effect] {
        guard let exchange = screen.detail?.exchange, CarriedUploads.isUpload(exchange) else { return [] }
        return [
            screen.start(\.objectPending) {
                await self.find(exchange, $0)
            } then: { _, found, world in
                guard let object = found.object else {
                    let looked = ScreenFormat.count(found.looked)
                    return [.toast(TrafficPhrases.noObject(world.language, looked), isFailure: false)]
                }
                return [.showObject(binding: found.binding, key: object.key)]
            }
        ]
    }

    private static func find(_ exchange: Exchange, _ services: Services) async -> Found {
        let end = ContinuousClock.now + self.patience
        let pieces = CarriedUploads.pieces(of: exchange).filter { !$0.isEmpty }
        let digests = Set(pieces.map { ByteString(services.files.md5(Array($0))) })
        let sizes = Set(pieces.map { Int64($0.count) })
        var found = Found()
        for resource in services.resources {
            guard case .bucket(let store) = resource.reader else { continue }
            var scan = ObjectScan(time: .milliseconds(200))
            repeat {
                guard ContinuousClock.now < end, !Task.isCancelled,
                    let part = try? await store.find(NamePart(""), in: scan)
                else { break }
                found.looked += part.looked
                for object in part.objects where sizes.contains(object.bytes) {
                    guard let md5 = CarriedUploads.md5(of: object), digests.contains(ByteString(md5)),
                        found.object.map({ $0.uploadedAt < object.uploadedAt }) ?? true
                    else { continue }
                    (found.binding, found.object) = (resource.binding.id, object)
                }
                if part.nextCursor.hasSameBytes(as: scan.cursor) { break }
                scan.cursor = part.nextCursor
            } while scan.cursor != nil
        }
        return found
    }
}
