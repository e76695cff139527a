#include "CToml.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

// With NDEBUG toml++ hands its assertions to the optimizer as facts, and without it they end the program. Some of them
// do not hold for every text (`[!]`), and the code behind them reports the error, so they are left out altogether.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/impl/forward_declarations.h>

// toml++ keeps the tables and arrays that it has made along the way in lists, and searches them from the front for each
// header and dotted key. What a file names again is nearly always what encloses everything or what it has named last:
// from both ends, the usual file takes linear time. These overloads go before toml++'s template.
namespace toml {
inline namespace v3 {
namespace impl {

template <typename Node> using node_list = typename std::vector<Node *>::iterator;

template <typename Node>
Node **find_from_ends(node_list<Node> begin, node_list<Node> end, const Node *needle) noexcept {
    while (begin != end) {
        if (*begin == needle) return &*begin;
        ++begin;
        if (begin == end) break;
        --end;
        if (*end == needle) return &*end;
    }
    return nullptr;
}

inline table **find(node_list<table> begin, node_list<table> end, table *const &needle) noexcept {
    return find_from_ends<table>(begin, end, needle);
}

inline array **find(node_list<array> begin, node_list<array> end, array *const &needle) noexcept {
    return find_from_ends<array>(begin, end, needle);
}

} // namespace impl
} // namespace v3
} // namespace toml

#include <toml++/toml.h>

struct ctoml_document {
    toml::table root;
    std::vector<ctoml_event> events;
    bool is_wrong = false;
    ctoml_place place = {0, 0};
    // toml++ cuts its messages at 512 bytes.
    char message[640] = {};
};

namespace {

ctoml_place place_of(const toml::source_position &position) { return {position.line, position.column}; }

ctoml_event event_of(const toml::node &node, ctoml_kind kind, const toml::key *key) {
    ctoml_event event = {};
    event.kind = kind;
    if (key != nullptr) {
        event.key = key->str().data();
        event.key_length = key->str().size();
        event.key_place = place_of(key->source().begin);
    }
    event.begin = place_of(node.source().begin);
    event.end = place_of(node.source().end);
    return event;
}

void append(std::vector<ctoml_event> &events, const toml::node &node, const toml::key *key) {
    switch (node.type()) {
    case toml::node_type::table: {
        const toml::table &table = *node.as_table();
        ctoml_event event = event_of(node, CTOML_TABLE_BEGIN, key);
        event.is_inline = table.is_inline();
        events.push_back(event);
        // toml++ sorts by name.
        std::vector<std::pair<const toml::key *, const toml::node *>> members;
        members.reserve(table.size());
        for (auto &&[name, value] : table) members.emplace_back(&name, &value);
        std::sort(members.begin(), members.end(), [](const auto &left, const auto &right) {
            return left.first->source().begin < right.first->source().begin;
        });
        for (const auto &member : members) append(events, *member.second, member.first);
        events.push_back(event_of(node, CTOML_TABLE_END, nullptr));
        break;
    }
    case toml::node_type::array:
        events.push_back(event_of(node, CTOML_ARRAY_BEGIN, key));
        for (auto &&element : *node.as_array()) append(events, element, nullptr);
        events.push_back(event_of(node, CTOML_ARRAY_END, nullptr));
        break;
    case toml::node_type::string: {
        ctoml_event event = event_of(node, CTOML_STRING, key);
        event.text = node.as_string()->get().data();
        event.text_length = node.as_string()->get().size();
        events.push_back(event);
        break;
    }
    case toml::node_type::integer: {
        ctoml_event event = event_of(node, CTOML_INTEGER, key);
        event.integer = node.as_integer()->get();
        events.push_back(event);
        break;
    }
    case toml::node_type::floating_point: {
        ctoml_event event = event_of(node, CTOML_FLOAT, key);
        event.real = node.as_floating_point()->get();
        events.push_back(event);
        break;
    }
    case toml::node_type::boolean: {
        ctoml_event event = event_of(node, CTOML_BOOLEAN, key);
        event.boolean = node.as_boolean()->get();
        events.push_back(event);
        break;
    }
    default:
        events.push_back(event_of(node, CTOML_DATE, key));
        break;
    }
}

void fail(ctoml_document &document, std::string_view message, ctoml_place place) {
    document.is_wrong = true;
    document.place = place;
    const size_t length = std::min(message.size(), sizeof(document.message) - 1);
    std::memcpy(document.message, message.data(), length);
    document.message[length] = '\0';
}

} // namespace

ctoml_document *ctoml_parse(const char *bytes, size_t length) {
    auto *document = new (std::nothrow) ctoml_document;
    if (document == nullptr) return nullptr;
    try {
        document->root = toml::parse(std::string_view(bytes, length));
        append(document->events, document->root, nullptr);
    } catch (const toml::parse_error &error) {
        fail(*document, error.description(), place_of(error.source().begin));
    } catch (const std::exception &error) {
        fail(*document, error.what(), {0, 0});
    } catch (...) {
        fail(*document, "unknown error", {0, 0});
    }
    return document;
}

const ctoml_event *ctoml_events(const ctoml_document *document, size_t *count) {
    *count = document->is_wrong ? 0 : document->events.size();
    return document->is_wrong ? nullptr : document->events.data();
}

const char *ctoml_error(const ctoml_document *document, ctoml_place *place) {
    *place = document->place;
    return document->is_wrong ? document->message : nullptr;
}

void ctoml_free(ctoml_document *document) { delete document; }
