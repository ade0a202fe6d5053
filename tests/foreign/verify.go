// Command verify checks an exported journal with golang.org/x/mod/sumdb alone: note opens the
// checkpoint, tlog vouches for every hash and proves every entry. Ours is only the reading of files.
//
//	verify -key NAME+ID+KEY [-since CHECKPOINT] [-every N] FOLDER
package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

func main() {
	key := flag.String("key", "", "the signer that is trusted, as name+id+key")
	since := flag.String("since", "", "an older checkpoint that was kept")
	every := flag.Int64("every", 1, "make and check a proof of inclusion of each Nth entry")
	flag.Parse()
	told, err := verify(flag.Arg(0), *key, *since, *every)
	if err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
	fmt.Println(told)
}

func verify(folder, key, since string, every int64) (string, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return "", fmt.Errorf("the key: %w", err)
	}
	head, err := checkpoint(filepath.Join(folder, "checkpoint"), verifier)
	if err != nil {
		return "", fmt.Errorf("the checkpoint: %w", err)
	}
	tiles := &tilesIn{folder: folder, vouched: map[tlog.Tile][]byte{}}
	if err := everyEntry(tiles, head, every); err != nil {
		return "", err
	}
	told := fmt.Sprintf("verified: %d entries, %d tiles", head.N, tiles.count)
	if since == "" {
		return told, nil
	}
	old, err := checkpoint(since, verifier)
	if err != nil {
		return "", fmt.Errorf("the older checkpoint: %w", err)
	}
	if err := growth(tiles, old, head); err != nil {
		return "", fmt.Errorf("growth from %d entries: %w", old.N, err)
	}
	return fmt.Sprintf("%s, grown from %d", told, old.N), nil
}

// checkpoint reads c2sp.org/tlog-checkpoint: tlog's own ParseTree knows only Go's first line.
func checkpoint(path string, verifier note.Verifier) (tlog.Tree, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not one of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// everyEntry holds each entry against its hash, which tlog has vouched for up to the root.
func everyEntry(tiles *tilesIn, head tlog.Tree, every int64) error {
	hashes := tlog.TileHashReader(head, tiles)
	for first := int64(0); first < head.N; first += width {
		last := min(first+width, head.N)
		entries, err := bundle(tiles.folder, first/width, int(last-first))
		if err != nil {
			return err
		}
		wanted := make([]int64, 0, width)
		for number := first; number < last; number++ {
			wanted = append(wanted, tlog.StoredHashIndex(0, number))
		}
		vouched, err := hashes.ReadHashes(wanted)
		if err != nil {
			return fmt.Errorf("the tiles over entries %d to %d: %w", first, last-1, err)
		}
		for at, entry := range entries {
			if tlog.RecordHash(entry) != vouched[at] {
				return fmt.Errorf("entry %d is not what the tree holds", first+int64(at))
			}
			if number := first + int64(at); number%every == 0 {
				if err := inclusion(hashes, head, number, entry); err != nil {
					return fmt.Errorf("inclusion of entry %d: %w", number, err)
				}
			}
		}
	}
	return nil
}

func inclusion(hashes tlog.HashReader, head tlog.Tree, number int64, entry []byte) error {
	proof, err := tlog.ProveRecord(head.N, number, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, head.N, head.Hash, number, tlog.RecordHash(entry))
}

func growth(tiles *tilesIn, old, head tlog.Tree) error {
	proof, err := tlog.ProveTree(head.N, old.N, tlog.TileHashReader(head, tiles))
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, head.N, head.Hash, old.N, old.Hash)
}

// tilesIn gives tlog the tiles of a folder; those it has vouched for are not read again.
type tilesIn struct {
	folder  string
	vouched map[tlog.Tile][]byte
	count   int
}

func (tiles *tilesIn) Height() int { return height }

func (tiles *tilesIn) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	contents := make([][]byte, len(wanted))
	for at, tile := range wanted {
		content, here := tiles.vouched[tile]
		if !here {
			var err error
			if content, err = os.ReadFile(filepath.Join(tiles.folder, path(tile))); err != nil {
				return nil, err
			}
		}
		contents[at] = content
	}
	return contents, nil
}

func (tiles *tilesIn) SaveTiles(read []tlog.Tile, contents [][]byte) {
	for at, tile := range read {
		if _, here := tiles.vouched[tile]; !here {
			tiles.count++
		}
		tiles.vouched[tile] = contents[at]
	}
}

// path is where c2sp.org/tlog-tiles has what tlog calls tile/8/LEVEL/NUMBER or tile/8/data/NUMBER.
func path(tile tlog.Tile) string {
	named := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(named, "data/", "entries/", 1)
}

func bundle(folder string, index int64, count int) ([][]byte, error) {
	name := path(tlog.Tile{H: height, L: -1, N: index, W: count})
	content, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return nil, err
	}
	entries := make([][]byte, 0, count)
	for len(content) >= 2 {
		end := 2 + int(binary.BigEndian.Uint16(content))
		if end > len(content) {
			break
		}
		entries = append(entries, content[2:end])
		content = content[end:]
	}
	if len(content) > 0 || len(entries) != count {
		return nil, errors.New(name + " does not hold as many entries as it should")
	}
	return entries, nil
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
