/** Data sets: IDX and CSV files, where they are looked up and how they are fetched, scaling, splits and batches. */
package gradus.data;
